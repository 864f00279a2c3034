using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Commands.Connecting;

/// <summary>A program talks to a service as the course's clients do: a line out, one answer in, the next line
/// out.</summary>
internal sealed class Lockstep(ServiceLink service, Dialogue dialogue, WayToTalk way)
{
    private readonly byte[] _answer = new byte[ServiceLink.AnswerBytesMax];

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        while (!dialogue.IsClosed)
        {
            var reading = dialogue.ReadLineAsync(cancel).AsTask();
            if (!reading.IsCompleted && await HasEndedBeforeAsync(reading, cancel))
            {
                dialogue.Remark($"{service.Address} has closed the connection{service.Doubt}");
                return service.IsDoubtful ? ExitCode.Failed : ExitCode.Done;
            }
            if (await reading is not { } line) return await FinishAsync(cancel);
            var message = way.Message(line);
            // Over TCP nothing would be sent, and an answer waited for that nobody gives.
            if (message.Length == 0 && !service.IsUdp) continue;
            if (!await AskAsync(message, cancel)) return ExitCode.Failed;
        }
        return ExitCode.Done;
    }

    /// <summary>Whether the service closes while the next line is not there yet.</summary>
    private async Task<bool> HasEndedBeforeAsync(Task<string?> reading, CancellationToken cancel)
    {
        if (service.IsUdp) return false;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ending = service.UntilReadableAsync(enough.Token);
        // What it says unasked is taken for the answer to the next line, as a client that only then reads would.
        var hasEnded = await Task.WhenAny(reading, ending) == ending && await EndsAsync(ending);
        await enough.CancelAsync();
        return hasEnded;
    }

    private static async Task<bool> EndsAsync(Task<bool> ending)
    {
        try
        {
            return await ending;
        }
        catch (SocketException)
        {
            return true; // reset
        }
    }

    private async Task<bool> AskAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(way.Wait);
        try
        {
            await service.SendAsync(message, patience.Token);
            var count = await service.ReceiveAsync(_answer, patience.Token);
            if (count > 0 || service.IsUdp)
            {
                dialogue.PrintAnswer(_answer.AsSpan(0, count));
                if (OutputBytes(count) is not { } rest) return true;
                if (await PrintOutputAsync(rest, patience.Token)) return true;
            }
            dialogue.Remark($"{service.Address} has closed the connection without an answer{service.Doubt}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            dialogue.Remark($"{service.Address} gave no answer within {way.WaitWritten}: " +
                "see whether it waits for more, such as a line feed (--lines), or give it longer with --wait");
        }
        catch (SocketException gone) when (!IsUnreachable(gone))
        {
            dialogue.Remark($"no answer from {service.Address}: {gone.Message}{service.Doubt}");
        }
        return false;
    }

    /// <summary>How much of an answer is still to come: of that of a command the length comes first, by itself.</summary>
    private long? OutputBytes(int count) =>
        service.IsAtMark && Utf8Parser.TryParse(_answer.AsSpan(0, count), out long bytes, out var digits) && digits == count ? bytes : null;

    /// <summary>False when the service has closed before all of it had come.</summary>
    private async Task<bool> PrintOutputAsync(long bytes, CancellationToken cancel)
    {
        var output = new ArrayBufferWriter<byte>();
        while (output.WrittenCount < bytes)
        {
            var count = await service.ReceiveAsync(_answer.AsMemory(0, (int)Math.Min(_answer.Length, bytes - output.WrittenCount)), cancel);
            if (count == 0) break;
            output.Write(_answer.AsSpan(0, count));
        }
        if (bytes > 0) dialogue.PrintAnswer(output.WrittenSpan);
        return output.WrittenCount == bytes;
    }

    /// <summary>Closes in order: what the service still says is printed, until it closes too.</summary>
    private async Task<int> FinishAsync(CancellationToken cancel)
    {
        if (service.IsUdp) return ExitCode.Done;
        service.EndSending();
        while (!dialogue.IsClosed)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(way.Wait);
            try
            {
                var count = await service.ReceiveAsync(_answer, patience.Token);
                if (count == 0) break;
                dialogue.PrintAnswer(_answer.AsSpan(0, count));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                break; // it does not close, as the course's servers do not: everything was answered all the same
            }
            catch (SocketException)
            {
                break; // reset: the same to one who has nothing more to say
            }
        }
        return ExitCode.Done;
    }

    // Over UDP only the first datagram tells that nobody is there.
    private bool IsUnreachable(SocketException gone) =>
        service.IsUdp && gone.SocketErrorCode is SocketError.ConnectionRefused
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable;
}

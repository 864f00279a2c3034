using System.Net.Sockets;
using System.Text;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Commands.Connecting;

/// <summary>A person talks to a service: lines go out as they are typed, answers are shown as they come.</summary>
internal sealed class FreeTalk(ServiceLink service, Dialogue dialogue, WayToTalk way)
{
    private readonly byte[] _answer = new byte[ServiceLink.AnswerBytesMax];
    private int _held; // bytes at the start of _answer that are no whole character yet
    private volatile bool _isUnanswered;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        dialogue.Prompt = "> ";
        dialogue.Remark($"connected to {service.Address}; Ctrl-D ends");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var showing = ShowAsync(ending.Token);
        var sending = SendAsync(ending.Token);
        try
        {
            if (await Task.WhenAny(showing, sending) == sending) return await FinishAsync(sending, showing, cancel);
            await showing;
            RemarkClosed();
        }
        catch (SocketException gone)
        {
            dialogue.Remark($"the connection to {service.Address} is lost: {gone.Message}{service.Doubt}");
        }
        finally
        {
            await ending.CancelAsync();
        }
        return _isUnanswered || service.IsDoubtful ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        while (await dialogue.ReadLineAsync(cancel) is { } line)
        {
            var message = way.Message(line);
            if (message.Length == 0) continue;
            try
            {
                _isUnanswered = true;
                await service.SendAsync(message, cancel);
            }
            catch (SocketException cannot) when (service.IsUdp)
            {
                dialogue.Remark($"not sent: {cannot.Message}");
            }
        }
    }

    private async Task ShowAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var count = await service.ReceiveAsync(_answer.AsMemory(_held), cancel);
                if (count == 0 && !service.IsUdp) break;
                _isUnanswered = false;
                Show(_held + count, isLast: service.IsUdp);
            }
            catch (SocketException nobody) when (service.IsUdp)
            {
                dialogue.Remark($"{service.Address} does not answer: {nobody.Message}");
            }
        }
        if (_held > 0) Show(_held, isLast: true);
    }

    /// <summary>The answer that is complete already; a character that a stream has cut waits for its rest.</summary>
    private void Show(int bytes, bool isLast)
    {
        var whole = isLast ? bytes : bytes - CutAtEnd(_answer.AsSpan(0, bytes));
        if (whole > 0 || isLast) dialogue.PrintAnswer(_answer.AsSpan(0, whole));
        _answer.AsSpan(whole..bytes).CopyTo(_answer);
        _held = bytes - whole;
    }

    private static int CutAtEnd(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3 && back <= text.Length; back++)
        {
            var status = Rune.DecodeFromUtf8(text[^back..], out _, out _);
            if (status == System.Buffers.OperationStatus.NeedMoreData) return back;
            if (status == System.Buffers.OperationStatus.Done) return 0;
        }
        return 0;
    }

    /// <summary>Closes in order: what the service still says is shown, until it closes too.</summary>
    private async Task<int> FinishAsync(Task sending, Task showing, CancellationToken cancel)
    {
        await sending;
        if (service.IsUdp) return ExitCode.Done;
        service.EndSending();
        try
        {
            await showing.WaitAsync(way.Wait, cancel);
        }
        catch (TimeoutException)
        {
            dialogue.Remark($"{service.Address} has not closed within {way.WaitWritten}");
            return ExitCode.Done;
        }
        if (!_isUnanswered || !service.IsDoubtful) return ExitCode.Done;
        RemarkClosed();
        return ExitCode.Failed;
    }

    private void RemarkClosed()
    {
        var without = _isUnanswered ? " without an answer" : "";
        dialogue.Remark($"{service.Address} has closed the connection{without}{service.Doubt}");
    }
}

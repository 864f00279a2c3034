using System.Globalization;
using System.Text;
using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>Tells replies, codes in place of replies, and closing lines apart, as WIRE.md says.</summary>
internal sealed class ReplyReader(ReplyBuffer buffer, UploadOptions options)
{
    private const int CodeDigits = 3;

    // The three digits that came last as a reply. They may turn out to be the front of a closing line.
    private int? _lastCode;
    private bool _hasHeard;

    /// <summary>Waits for the reply that is due.</summary>
    /// <param name="hopedFor">The good one. Where it is three digits, others may stand in its place.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Reply> ReadAsync(ReadOnlyMemory<byte> hopedFor, CancellationToken cancel) =>
        LimitAsync<Reply>(async limited =>
        {
            await buffer.FillAsync(hopedFor.Length, limited);
            if (buffer.Unread.StartsWith(hopedFor.Span))
            {
                buffer.Take(hopedFor.Length);
                (_lastCode, _hasHeard) = (null, true);
                return new Reply.AsHoped();
            }
            // Behind the digits of a closing line there is a space.
            var said = Encoding.ASCII.GetString(buffer.Unread);
            var isLine = said is [_, _, _, ' ', ..];
            if (hopedFor.Length == CodeDigits && !isLine && ParseCode(said) is { } code)
            {
                buffer.Take(CodeDigits);
                _lastCode = code;
                return new Reply.Code(code);
            }
            return new Reply.Last(await ReadLineAsync(limited) ?? new UploadOutcome.Closed(Ended()));
        },
        why => new Reply.Last(why), cancel);

    /// <summary>Waits for the server's last words.</summary>
    /// <returns>Null when there were none and it closed in order.</returns>
    public Task<UploadOutcome?> ReadLastAsync(CancellationToken cancel) =>
        LimitAsync<UploadOutcome?>(
            async limited => await ReadLineAsync(limited)
                ?? (buffer.Failure is null ? null : new UploadOutcome.Closed(Ended())),
            why => why, cancel);

    /// <summary>How the connection ended, for a person.</summary>
    public string Ended() => (buffer.Failure is { } failure
        ? $"the connection broke: {failure.Message}"
        : "the server closed the connection without a word") + Doubt;

    // Only before the first reply: whoever got one was let in.
    private string Doubt => _hasHeard || options.Key is null ? "" : ": perhaps it does not know the key";

    private async Task<UploadOutcome?> ReadLineAsync(CancellationToken cancel)
    {
        await buffer.FillToAsync((byte)'\n', cancel);
        var line = Encoding.UTF8.GetString(buffer.Unread).Split('\n')[0].TrimEnd('\r');
        var isChallenge = !_hasHeard && options.Key is null && buffer.Unread.Length == Challenge.Bytes;
        buffer.Take(buffer.Unread.Length);
        if (line.Length == 0) return null;

        var text = Escaping.Printable(line);
        if (text.Length > CodeDigits && text[CodeDigits] == ' ' && ParseCode(text) is { } code)
            return new UploadOutcome.Refused(code, text[(CodeDigits + 1)..]);
        if (_lastCode is { } last && text[0] == ' ') return new UploadOutcome.Refused(last, text[1..]);
        return isChallenge
            ? new UploadOutcome.Closed("the server asks for a key") { AsksForKey = true }
            : new UploadOutcome.Closed($"the server said '{text}', which is no reply in this dialect");
    }

    // 204 is the least that is no success.
    private static int? ParseCode(string said) =>
        said.Length >= CodeDigits && int.TryParse(said.AsSpan(0, CodeDigits), NumberStyles.None,
            CultureInfo.InvariantCulture, out var code) && code >= Rejection.DigestDiffers.Code ? code : null;

    private async Task<T> LimitAsync<T>(
        Func<CancellationToken, Task<T>> read, Func<UploadOutcome, T> onLate, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.ReplyLimit, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return onLate(new UploadOutcome.Closed($"no reply came within {options.ReplyLimit:c}"));
        }
    }
}

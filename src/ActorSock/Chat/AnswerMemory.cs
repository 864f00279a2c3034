using System.Security.Cryptography;

namespace ActorSock.Chat;

/// <summary>Remembers what a member's last commands were answered, so that a repeat is answered and not done.</summary>
/// <param name="kept">so many of them</param>
internal sealed class AnswerMemory(int kept)
{
    private readonly Dictionary<long, (ulong Line, string? Answer)> _answers = [];
    private readonly Queue<long> _order = [];
    private long _forgotten = -1;

    /// <summary>What is known of an id.</summary>
    public enum Finding
    {
        /// <summary>Nothing: it is new.</summary>
        New,

        /// <summary>It was done, and answered.</summary>
        Answered,

        /// <summary>It is being done.</summary>
        Pending,

        /// <summary>It was the id of another line.</summary>
        Reused,

        /// <summary>It may be one of those that were forgotten.</summary>
        TooOld,
    }

    public Finding Look(long id, ulong line, out string answer)
    {
        answer = "";
        if (!_answers.TryGetValue(id, out var known))
            return id > _forgotten ? Finding.New : Finding.TooOld;
        if (known.Line != line)
            return Finding.Reused;
        answer = known.Answer ?? "";
        return known.Answer is null ? Finding.Pending : Finding.Answered;
    }

    /// <summary>Begins to remember a command; the oldest is forgotten, and with it all that are lower.</summary>
    public void Begin(long id, ulong line)
    {
        if (_order.Count == kept)
        {
            var oldest = _order.Dequeue();
            _answers.Remove(oldest);
            _forgotten = Math.Max(_forgotten, oldest);
        }
        _order.Enqueue(id);
        _answers.Add(id, (line, null));
    }

    public void Answer(long id, string answer)
    {
        if (_answers.TryGetValue(id, out var known))
            _answers[id] = known with { Answer = answer };
    }

    /// <summary>Tells lines apart; keyed, so that nobody can make two lines alike on purpose.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(s_key, line, hash);
        return BitConverter.ToUInt64(hash);
    }

    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);
}

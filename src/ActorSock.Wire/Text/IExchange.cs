using System.Buffers;

namespace ActorSock.Wire.Text;

/// <summary>Answers messages one by one, for a peer that sends one and waits for what comes back.</summary>
/// <remarks>A message is what one read of a TCP stream delivered, or one datagram. An exchange is used by one
/// thread at a time and keeps nothing once <see cref="End"/> was called: each TCP conversation has one of its
/// own, while all datagrams of a socket can share one, each with <see cref="Answer"/> and then
/// <see cref="End"/>.</remarks>
public interface IExchange
{
    /// <summary>The most bytes that <see cref="Answer"/> appends for a message of so many, whatever came before
    /// it.</summary>
    int AnswerBytesMax(int messageBytes);

    /// <summary>Appends the answer to <paramref name="message"/>, which may be none, to
    /// <paramref name="answer"/>.</summary>
    void Answer(ReadOnlySpan<byte> message, IBufferWriter<byte> answer);

    /// <summary>Appends the answer to the beginning of a message, or of what was left of one: for who has no room for the
    /// whole answer at once. All parts of it together are the same answer.</summary>
    /// <param name="left">What is left of the message, its end included; not empty.</param>
    /// <param name="bytesMax">The most that is answered now, at least <see cref="PartBytesMin"/>.</param>
    /// <param name="answer">Where to, at most <see cref="AnswerBytesMax"/> of as many bytes.</param>
    /// <returns>How many bytes were answered, at least one. The next call is to have the rest.</returns>
    int AnswerPart(ReadOnlySpan<byte> left, int bytesMax, IBufferWriter<byte> answer);

    /// <summary>The least that is answered at once, unless a message ends: the longest character.</summary>
    public const int PartBytesMin = 4;

    /// <summary>Appends what is still owed now that the peer sends no more, and forgets it.</summary>
    void End(IBufferWriter<byte> answer);
}

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

    /// <summary>Appends what is still owed now that the peer sends no more, and forgets it.</summary>
    void End(IBufferWriter<byte> answer);
}

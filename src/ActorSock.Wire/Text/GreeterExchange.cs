using System.Buffers;

namespace ActorSock.Wire.Text;

/// <summary>Answers <c>hi</c> to every message that is not empty.</summary>
public sealed class GreeterExchange : IExchange
{
    /// <inheritdoc/>
    public int AnswerBytesMax(int messageBytes) => "hi"u8.Length;

    /// <inheritdoc/>
    public void Answer(ReadOnlySpan<byte> message, IBufferWriter<byte> answer) => answer.Write("hi"u8);

    /// <inheritdoc/>
    public int AnswerPart(ReadOnlySpan<byte> left, int bytesMax, IBufferWriter<byte> answer)
    {
        if (left.Length <= bytesMax) Answer(left, answer);
        return Math.Min(left.Length, bytesMax);
    }

    /// <inheritdoc/>
    public void End(IBufferWriter<byte> answer)
    {
    }
}

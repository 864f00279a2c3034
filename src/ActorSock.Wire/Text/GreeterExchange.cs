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
    public void End(IBufferWriter<byte> answer)
    {
    }
}

using System.Buffers;
using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

/// <summary>Puts text into title case the short way.</summary>
internal static class Titles
{
    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        var titled = new ArrayBufferWriter<byte>();
        TitleCase.Write(text, titled);
        return titled.WrittenSpan.ToArray();
    }

    public static string Of(string text) => Encoding.UTF8.GetString(Of(Encoding.UTF8.GetBytes(text)));

    /// <summary>What <paramref name="exchange"/> answers to one message.</summary>
    public static byte[] Answer(IExchange exchange, ReadOnlySpan<byte> message)
    {
        var answer = new ArrayBufferWriter<byte>();
        exchange.Answer(message, answer);
        return answer.WrittenSpan.ToArray();
    }

    /// <summary>What <paramref name="exchange"/> gives back at the end.</summary>
    public static byte[] End(IExchange exchange)
    {
        var answer = new ArrayBufferWriter<byte>();
        exchange.End(answer);
        return answer.WrittenSpan.ToArray();
    }
}

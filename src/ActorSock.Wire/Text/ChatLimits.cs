namespace ActorSock.Wire.Text;

/// <summary>How much a line of the chat may hold, in bytes of UTF-8.</summary>
/// <param name="NameBytesMax">of a name</param>
/// <param name="TextBytesMax">of a text, as it is passed on: with what could forge a line escaped</param>
public sealed record ChatLimits(int NameBytesMax, int TextBytesMax)
{
    /// <summary>A verb, an id, and the blanks between: <c>/leave#123456789012345678</c>.</summary>
    private const int AroundBytesMax = 48;

    /// <summary>The longest line that a client may send, without its line feed.</summary>
    public int LineBytesMax => NameBytesMax + TextBytesMax + AroundBytesMax;
}

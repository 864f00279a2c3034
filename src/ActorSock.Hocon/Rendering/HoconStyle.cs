namespace ActorSock.Hocon;

/// <summary>How a value is written as text.</summary>
public enum HoconStyle
{
    /// <summary>HOCON over several lines, without braces around the root.</summary>
    Hocon,

    /// <summary>As <see cref="Hocon"/>, with the origin of each value behind it as a comment.</summary>
    HoconWithOrigins,

    /// <summary>JSON over several lines.</summary>
    Json,

    /// <summary>JSON on one line.</summary>
    JsonLine,
}

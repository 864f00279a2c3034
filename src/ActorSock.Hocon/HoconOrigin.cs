namespace ActorSock.Hocon;

/// <summary>Says where a value was written, so that a complaint about it can point there.</summary>
/// <param name="Source">
/// The file's path as it was given, or the name that the caller gave to the text.
/// </param>
/// <param name="Line">The line, counted from 1; 0 when the value was not read from text.</param>
/// <param name="Column">
/// The column in UTF-16 units, counted from 1; 0 when the value was not read from text.
/// </param>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    /// <summary>A value that was made by the program instead of read.</summary>
    public static HoconOrigin Program { get; } = new("program", 0, 0);

    /// <summary><c>reference.conf:12:7</c>, or the source alone when there is no line.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

using System.Text.Json;
using System.Text.Json.Serialization;
using ActorSock.Logging;

namespace ActorSock.Conversations;

/// <summary>What somebody asks for who asks a node for its log over the admin socket: <c>logs</c>, a blank and this as JSON, or
/// <c>logs</c> alone.</summary>
/// <remarks>
/// The answer is a line of JSON for each line of the log, as <see cref="JsonLineFormatter"/> writes it; <see cref="LogRemark"/> lines
/// may be between them, and one is at the end.
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LogQuestion
{
    /// <summary>The word that it begins with.</summary>
    public const string Word = "logs";

    /// <summary>Which lines are wanted. Without a level: what the log of a node usually has, Information and above.</summary>
    public LogFilter Filter { get; init; } = LogFilter.All;

    /// <summary>How many of those that the node remembers come first; null for all of them.</summary>
    public int? Last { get; init; }

    /// <summary>Whether lines are to come as things happen, until the one who asks closes.</summary>
    public bool Follow { get; init; } = true;

    /// <summary>The question as a line, without its end.</summary>
    public override string ToString() => $"{Word} {JsonSerializer.Serialize(this, AdminJson.Default.LogQuestion)}";

    /// <summary>Reads a question.</summary>
    /// <param name="line">begins with <see cref="Word"/></param>
    /// <exception cref="JsonException">it is none</exception>
    public static LogQuestion Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var json = line[Word.Length..].Trim();
        if (json.Length == 0)
            return new LogQuestion();
        return JsonSerializer.Deserialize(json, AdminJson.Default.LogQuestion) switch
        {
            null or { Filter: null } => throw new JsonException("null is nothing to ask for"),
            { Last: < 0 } => throw new JsonException("last must not be negative"),
            { Filter.Level: { } level } when !Enum.IsDefined(level) => throw new JsonException($"{level} is no level"),
            var question => question,
        };
    }
}

/// <summary>A line of an answer to <see cref="LogQuestion"/> that is none of the log.</summary>
/// <param name="Dropped">so many events are missing here, because they happened faster than they were read</param>
/// <param name="End">nothing more comes, and why</param>
public sealed record LogRemark(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Dropped,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? End);

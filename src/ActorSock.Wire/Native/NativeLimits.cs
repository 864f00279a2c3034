using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>Says what a server allows on one connection, as it tells in its answer to hello.</summary>
public sealed record NativeLimits
{
    /// <summary>So many requests may be unanswered; with that many the server reads no further.</summary>
    public required int Requests { get; init; }

    /// <summary>Bytes of the largest file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bytes of the longest name, in UTF-8.</summary>
    public required int NameBytes { get; init; }

    /// <summary>Bytes of the largest chunk.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>Bytes of the largest refused body that is read and thrown away; behind a longer one the server closes.</summary>
    public required long SkipBytes { get; init; }

    /// <summary>Entries of the longest list.</summary>
    public required int ListEntries { get; init; }

    /// <summary>Seconds without a request after which the server closes.</summary>
    public required long IdleSeconds { get; init; }

    internal static JsonKeys Keys { get; } = new();

    private static readonly JsonKey s_requests = Keys.Add("requests");
    private static readonly JsonKey s_file = Keys.Add("file");
    private static readonly JsonKey s_name = Keys.Add("name");
    private static readonly JsonKey s_chunk = Keys.Add("chunk");
    private static readonly JsonKey s_skip = Keys.Add("skip");
    private static readonly JsonKey s_list = Keys.Add("list");
    private static readonly JsonKey s_idle = Keys.Add("idle");

    internal void Write(Utf8JsonWriter json)
    {
        json.Field(s_requests, Requests);
        json.Field(s_file, FileBytes);
        json.Field(s_name, NameBytes);
        json.Field(s_chunk, ChunkBytes);
        json.Field(s_skip, SkipBytes);
        json.Field(s_list, ListEntries);
        json.Field(s_idle, IdleSeconds);
    }

    internal static NativeLimits Read(ref FieldReader fields) => new()
    {
        Requests = fields.CountNeeded(s_requests),
        FileBytes = fields.WholeNeeded(s_file),
        NameBytes = fields.CountNeeded(s_name),
        ChunkBytes = fields.CountNeeded(s_chunk),
        SkipBytes = fields.WholeNeeded(s_skip),
        ListEntries = fields.CountNeeded(s_list),
        IdleSeconds = fields.WholeNeeded(s_idle),
    };
}

namespace ActorSock.Wire.Native;

/// <summary>All fields of the headers of the native protocol, requests and replies alike.</summary>
internal static class NativeKeys
{
    public static readonly JsonKeys Table = new();

    public static readonly JsonKey Ack = Table.Add("ack");
    public static readonly JsonKey Action = Table.Add("action");
    public static readonly JsonKey After = Table.Add("after");
    public static readonly JsonKey Agent = Table.Add("agent");
    public static readonly JsonKey Body = Table.Add("body");
    public static readonly JsonKey Capabilities = Table.Add("capabilities");
    public static readonly JsonKey Client = Table.Add("client");
    public static readonly JsonKey Closes = Table.Add("closes");
    public static readonly JsonKey Digest = Table.Add("digest");
    public static readonly JsonKey Entries = Table.Add("entries");
    public static readonly JsonKey Error = Table.Add("error");
    public static readonly JsonKey Exists = Table.Add("exists");
    public static readonly JsonKey Files = Table.Add("files");
    public static readonly JsonKey Folder = Table.Add("folder");
    public static readonly JsonKey Hash = Table.Add("hash");
    public static readonly JsonKey Id = Table.Add("id");
    public static readonly JsonKey Length = Table.Add("length");
    public static readonly JsonKey Limit = Table.Add("limit");
    public static readonly JsonKey Limits = Table.Add("limits");
    public static readonly JsonKey Md5 = Table.Add("md5");
    public static readonly JsonKey Message = Table.Add("message");
    public static readonly JsonKey Modified = Table.Add("modified");
    public static readonly JsonKey More = Table.Add("more");
    public static readonly JsonKey Name = Table.Add("name");
    public static readonly JsonKey Node = Table.Add("node");
    public static readonly JsonKey Offset = Table.Add("offset");
    public static readonly JsonKey Part = Table.Add("part");
    public static readonly JsonKey Parts = Table.Add("parts");
    public static readonly JsonKey Prefix = Table.Add("prefix");
    public static readonly JsonKey Receipt = Table.Add("receipt");
    public static readonly JsonKey Recursive = Table.Add("recursive");
    public static readonly JsonKey Sequence = Table.Add("sequence");
    public static readonly JsonKey Sha256 = Table.Add("sha256");
    public static readonly JsonKey Size = Table.Add("size");
    public static readonly JsonKey Status = Table.Add("status");
    public static readonly JsonKey To = Table.Add("to");
    public static readonly JsonKey Upload = Table.Add("upload");
    public static readonly JsonKey Version = Table.Add("version");
    public static readonly JsonKey Versions = Table.Add("versions");

    /// <summary>The field that a digest of this kind stands in.</summary>
    public static JsonKey Of(DigestKind kind) => kind == DigestKind.Md5 ? Md5 : Sha256;
}

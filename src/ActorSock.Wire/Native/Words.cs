using System.Text;
using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>How the values of an enumeration are called on the wire.</summary>
internal sealed class Words<T>
    where T : struct, Enum
{
    private readonly (T Value, byte[] Ascii, JsonEncodedText Encoded)[] _words;

    public Words(params (T Value, string Word)[] words)
    {
        _words = [.. words.Select(each =>
            (each.Value, Encoding.ASCII.GetBytes(each.Word), JsonEncodedText.Encode(each.Word)))];
        All = string.Join(" or ", words.Select(each => $"\"{each.Word}\""));
    }

    /// <summary>All of them, for a sentence.</summary>
    public string All { get; }

    /// <summary>What a value is called.</summary>
    public JsonEncodedText this[T value] =>
        _words[Array.FindIndex(_words, each => EqualityComparer<T>.Default.Equals(each.Value, value))].Encoded;

    /// <summary>Which value is called so.</summary>
    public bool TryRead(JsonValue said, out T value)
    {
        foreach (var (candidate, ascii, _) in _words)
        {
            value = candidate;
            if (said.Says(ascii)) return true;
        }
        value = default;
        return false;
    }
}

/// <summary>The enumerations that stand on the wire as words.</summary>
internal static class Words
{
    public static readonly Words<AckLevel> Ack =
        new((AckLevel.Received, "received"), (AckLevel.Verified, "verified"), (AckLevel.Durable, "durable"));

    public static readonly Words<DigestKind> Digests = new((DigestKind.Md5, "md5"), (DigestKind.Sha256, "sha256"));

    public static readonly Words<ExistsRule> Exists =
        new((ExistsRule.Replace, "replace"), (ExistsRule.Refuse, "refuse"), (ExistsRule.KeepBoth, "keep-both"));
}

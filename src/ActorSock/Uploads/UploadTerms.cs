using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>What an upload was begun with: who goes on with it has to say the same.</summary>
/// <param name="Name">what the file is to be called, with the client's folder</param>
/// <param name="Size">its bytes; null when only the end will tell</param>
/// <param name="Kind">of the digest that is promised; null when none is</param>
/// <param name="InParts">whether it comes in parts</param>
internal sealed record UploadTerms(FileName Name, long? Size, DigestKind? Kind, bool InParts)
{
    /// <summary>Why somebody who says this takes the upload for another one; null when it is the same.</summary>
    /// <param name="said">the client's words</param>
    public string? WhyNot(UploadTerms said)
    {
        if (InParts != said.InParts)
            return InParts ? "it was begun in parts" : "it was not begun in parts";
        return WhyNot(said.Name, said.Size, said.Kind);
    }

    /// <summary>The same, where nothing is said of parts.</summary>
    /// <param name="name">what the file is to be called</param>
    /// <param name="size">its bytes; null when the client does not say</param>
    /// <param name="kind">of the digest; null when the client does not say</param>
    public string? WhyNot(FileName name, long? size, DigestKind? kind)
    {
        if (name != Name)
            return "it was begun under another name";
        if (size is { } said && Size is { } known && said != known)
            return $"it was begun with {known} bytes, not {said}";
        // Of parts each has its own digest; and who promises none contents himself with any.
        var begun = Kind ?? DigestKind.Md5;
        return !InParts && kind is { } one && one != begun ? $"it was begun with {(begun == DigestKind.Md5 ? "md5" : "sha256")}" : null;
    }
}

namespace ActorSock.Client.Native;

/// <summary>Orders names by their bytes in UTF-8, as a node lists them.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length - right.Length
            : Weight(left[same]) - Weight(right[same]);
    }

    // UTF-16 puts the characters beyond U+FFFF, which are pairs of surrogates, before those from U+E000 on; UTF-8 does not.
    private static int Weight(char unit) =>
        unit < '\ud800' ? unit : unit < '\ue000' ? unit + 0x2000 : unit - 0x800;
}

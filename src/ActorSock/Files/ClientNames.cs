using System.Text;
using System.Text.Unicode;
using ActorSock.Wire.Text;

namespace ActorSock.Files;

/// <summary>Tells which names in the folders can be a client's, and where a list of them begins.</summary>
/// <param name="nameBytesMax">Longer names are none of a client's.</param>
internal readonly struct ClientNames(int nameBytesMax)
{
    /// <summary>Whether a client can have given a name, and can get at it: others may have put files here that none can name.</summary>
    /// <param name="folder">Its folder, with <c>/</c> at the end; empty for the first.</param>
    /// <param name="name">Its last segment.</param>
    public bool IsOfClient(string folder, ReadOnlySpan<byte> name)
    {
        var isPlain = !OperatingSystem.IsWindows() && name.Length <= 255 && !name.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && !name.Contains((byte)'\\') && (folder.Length > 0 || name[0] != '.');
        if (isPlain)
            return Encoding.UTF8.GetByteCount(folder) + name.Length <= nameBytesMax;
        return Utf8.IsValid(name) && IsName(folder + Encoding.UTF8.GetString(name));
    }

    /// <summary>Where the names are that begin with one text and come behind another; null when no file can have such a name.</summary>
    public ListedPlace? PlaceOf(string prefix, string? after)
    {
        prefix = Normal(prefix);
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (folder.Length > 0 && !IsName($"{folder}any"))
            return null;
        var (behind, front) = (Encoding.UTF8.GetBytes(Normal(after ?? "")), Encoding.UTF8.GetBytes(folder));
        if (!behind.AsSpan().StartsWith(front) && SmallestNames.Compare(behind, front) > 0)
            return null;
        behind = behind.AsSpan().StartsWith(front) ? behind[front.Length..] : [];
        return new ListedPlace(folder, behind, Encoding.UTF8.GetBytes(prefix[folder.Length..]));
    }

    /// <summary>As names are when they are stored; what is longer than any of them is behind them or not, as it stands.</summary>
    public string Normal(string text) => text.Length > nameBytesMax ? text : NormalFormC.Of(text).Replace('\\', '/');

    private bool IsName(string whole) =>
        FileName.TryConfine(whole, nameBytesMax, out var confined, out _) && confined.Value == whole;
}

/// <summary>Where a list begins.</summary>
/// <param name="Folder">In this folder, with <c>/</c> at the end; empty for the uppermost.</param>
/// <param name="Behind">Behind this name in it; empty for the first.</param>
/// <param name="Prefix">Names in it begin with this.</param>
internal readonly record struct ListedPlace(string Folder, byte[] Behind, byte[] Prefix);

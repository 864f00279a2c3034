using System.IO.Enumeration;
using ActorSock.Wire.Text;

namespace ActorSock.Client.Native;

/// <summary>A thing that a walk has found.</summary>
/// <param name="Name">Its name from the root of the walk on, as a node would write it; a folder's ends with <c>/</c>.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Stamp">What tells that it is the same as before; null for what is no plain file.</param>
/// <param name="Problem">Why it cannot be sent; null when it can, and for what is no file.</param>
internal readonly record struct LocalFile(string Name, string Path, FileStamp? Stamp, string? Problem);

/// <summary>Walks through a folder, in the order in which a node lists names, holding no more than the folders on its way.</summary>
/// <remarks>Links are not followed: what they lead to may be anywhere, and endless.</remarks>
internal static class LocalWalk
{
    private static readonly EnumerationOptions s_all =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false, ReturnSpecialDirectories = false };

    /// <summary>Finds all plain files, and says of what it cannot send why.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="tellsEmpty">Whether folders with nothing in them are told as well; the root is one of no name.</param>
    public static IEnumerable<LocalFile> Files(string root, bool tellsEmpty = false) => Files(root, "", tellsEmpty);

    private static IEnumerable<LocalFile> Files(string folder, string prefix, bool tellsEmpty)
    {
        var problem = Read(folder, out var things);
        if (problem is not null)
        {
            yield return new LocalFile(prefix, folder, null, problem);
            yield break;
        }
        if (things.Count == 0 && tellsEmpty) yield return new LocalFile(prefix, folder, null, null);
        var last = "";
        foreach (var thing in things)
        {
            var (name, path) = (prefix + thing.Normal, System.IO.Path.Combine(folder, thing.Name));
            if (thing.Normal == last) yield return new LocalFile(name, path, null, "another file here has the same name for the node");
            else if (WhyNot(thing.Name) is { } unsayable) yield return new LocalFile(name, path, null, unsayable);
            else if (!thing.IsFolder)
            {
                // What a download has begun is nobody's file yet.
                if (!FileDownload.IsPart(thing.Name) && Look(name, path) is { } file) yield return file;
            }
            else
                foreach (var below in Files(path, name, tellsEmpty)) yield return below;
            last = thing.Normal;
        }
    }

    /// <returns>Null when it is gone since its folder was read.</returns>
    private static LocalFile? Look(string name, string path)
    {
        try
        {
            return new LocalFile(name, path, FileStamp.Look(path), null);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return new LocalFile(name, path, null, no.Message);
        }
    }

    private static string? Read(string folder, out List<Thing> things)
    {
        things = [];
        try
        {
            things.AddRange(new FileSystemEnumerable<Thing>(folder, Thing.Of, s_all));
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return no.Message;
        }
        things.Sort((one, other) => Utf8Order.Instance.Compare(one.Normal, other.Normal));
        return null;
    }

    /// <summary>Why a node could not call a file or folder as it is called here; null when it can.</summary>
    public static string? WhyNot(string name) =>
        name.Contains('\\') ? "its name has a backslash, which divides folders on the node"
        : name.Contains('\ufffd') ? "its name is not UTF-8"
        : null;

    /// <param name="Name">As the file system has it.</param>
    /// <param name="Normal">As a node has it, and with <c>/</c> behind a folder: so sorted, all that is in it comes where its name
    /// stands.</param>
    /// <param name="IsFolder">Whether it is a folder, and no link to one.</param>
    private readonly record struct Thing(string Name, string Normal, bool IsFolder)
    {
        public static Thing Of(ref FileSystemEntry entry)
        {
            var name = entry.FileName.ToString();
            var isFolder = entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0;
            return new Thing(name, NormalFormC.Of(name) + (isFolder ? "/" : ""), isFolder);
        }
    }
}

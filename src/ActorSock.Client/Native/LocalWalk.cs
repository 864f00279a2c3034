using System.Globalization;
using System.IO.Enumeration;
using ActorSock.Wire.Text;

namespace ActorSock.Client.Native;

/// <summary>A folder that a walk has come to.</summary>
/// <param name="Name">Its name from the root of the walk on, as a node would write it, with <c>/</c> at the end; empty for the root.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Files">What is in it and is no folder, in the order in which a node lists names.</param>
/// <param name="IsEmpty">Whether there is nothing in it at all.</param>
/// <param name="Problem">Why it could not be read; null when it could.</param>
internal sealed record LocalFolder(string Name, string Path, IReadOnlyList<LocalFile> Files, bool IsEmpty, string? Problem)
{
    public string PathOf(LocalFile file) => System.IO.Path.Combine(Path, file.Called);
}

/// <summary>A thing in a folder.</summary>
/// <param name="Name">Its name there, as a node would write it.</param>
/// <param name="Called">Its name as the file system has it.</param>
/// <param name="Stamp">What tells that it is the same as before; null for what is no plain file.</param>
/// <param name="Problem">Why it cannot be sent; null when it can, and for what is no file.</param>
internal sealed record LocalFile(string Name, string Called, FileStamp? Stamp, string? Problem)
{
    /// <summary>What a node calls the folder of its own in its root.</summary>
    public const string NodeFolder = ".actorsock";

    /// <summary>Why it is left out, of what has no stamp and no problem.</summary>
    public string WhyLeftOut => Called == NodeFolder ? "it is a node's own" : "it is no plain file";
}

/// <summary>Walks through a folder and all in it, each folder before those in it, in the order in which a node lists names.</summary>
/// <remarks>It holds no more than the folders on its way. Links are not followed: what they lead to may be anywhere, and endless. So would be
/// the root of the node that all of it is sent to: what is stored there would be found there. What is in a root and a node's own is left out.</remarks>
internal static class LocalWalk
{
    private static readonly EnumerationOptions s_all =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false, ReturnSpecialDirectories = false };

    // WIRE.md, "Hello".
    private const string NodeId = "id";
    private const int NodeIdCharsMax = 64;

    /// <summary>Goes to all folders.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="target">Says which node they are for (<see cref="NodeGreeting.Node"/>); asked where the root of one is found, and may wait.</param>
    public static IEnumerable<LocalFolder> Folders(string root, Func<string?> target)
    {
        for (var above = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(root)); above is not null; above = System.IO.Path.GetDirectoryName(above))
        {
            if (IdIn(above) is { } id && WhyNot(id, target, "it is in the root") is { } why)
                return [new LocalFolder("", root, [], IsEmpty: false, why)];
        }
        return Folders(root, "", target);
    }

    private static IEnumerable<LocalFolder> Folders(string path, string name, Func<string?> target)
    {
        var problem = Read(path, out var things);
        var isEmpty = things.Count == 0 && problem is null;
        var isRoot = false;
        if (things.Find(static thing => thing is { IsFolder: true, Name: LocalFile.NodeFolder }) is { } own && IdIn(path) is { } id)
        {
            if (WhyNot(id, target, "it is the root") is { } why)
            {
                yield return new LocalFolder(name, path, [], IsEmpty: false, why);
                yield break;
            }
            isRoot = things.Remove(own);
        }
        var (files, folders) = (new List<LocalFile>(things.Count), new List<Thing>());
        using (var folder = new OpenFolder(path))
        {
            var last = "";
            foreach (var thing in things)
            {
                if (thing.Normal == last) files.Add(thing.Refused("another file here has the same name for the node"));
                else if (WhyNot(thing.Name) is { } unsayable) files.Add(thing.Refused(unsayable));
                else if (thing.IsFolder) folders.Add(thing);
                // What a download has begun is nobody's file yet.
                else if (!FileDownload.IsPart(thing.Name) && Look(folder, thing) is { } file) files.Add(file);
                last = thing.Normal;
            }
        }
        if (isRoot)
        {
            var place = files.FindIndex(static file => string.CompareOrdinal(file.Name, LocalFile.NodeFolder) > 0);
            files.Insert(place < 0 ? files.Count : place, new LocalFile(LocalFile.NodeFolder, LocalFile.NodeFolder, null, null));
        }
        yield return new LocalFolder(name, path, files, isEmpty, problem);
        foreach (var folder in folders)
            foreach (var below in Folders(System.IO.Path.Combine(path, folder.Name), name + folder.Normal, target)) yield return below;
    }

    /// <returns>Null when it may be sent.</returns>
    private static string? WhyNot(string id, Func<string?> target, string itIs) =>
        id.Length == 0 ? $"{itIs} of a node, perhaps of the one that this is for: what is the node's own there ({LocalFile.NodeFolder}) may not be read"
        : id == target() ? $"{itIs} of the node that this is for: what is stored there would be sent, too"
        : null;

    /// <summary>What a node says of itself whose root it is.</summary>
    /// <returns>Null where no node has ever been; empty where that may not be read.</returns>
    private static string? IdIn(string root)
    {
        var path = System.IO.Path.Combine(root, LocalFile.NodeFolder, NodeId);
        try
        {
            if (FileStamp.Look(path) is not { SizeBytes: <= NodeIdCharsMax } stamp) return null; // somebody else's
            var id = File.ReadAllText(path).Trim();
            // A copy of a root has a copy of it.
            return stamp.Inode == 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{stamp.Inode:x}");
        }
        catch (Exception no) when (no is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <returns>Null when it is gone since its folder was read.</returns>
    private static LocalFile? Look(OpenFolder folder, Thing thing)
    {
        try
        {
            return new LocalFile(thing.Normal, thing.Name, folder.Look(thing.Name), null);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return thing.Refused(WhyUnreadable(no));
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
            things.Clear();
            return WhyUnreadable(no);
        }
        // Where no name has any of these both orders are the same, and this one is the faster.
        if (things.Exists(static thing => thing.Normal.AsSpan().ContainsAnyInRange('\ud800', '\uffff')))
            things.Sort(static (one, other) => Utf8Order.Instance.Compare(one.Normal, other.Normal));
        else
            things.Sort(static (one, other) => string.CompareOrdinal(one.Normal, other.Normal));
        return null;
    }

    /// <summary>Why something here cannot be read, and what to do.</summary>
    public static string WhyUnreadable(Exception why) => why switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file: check the path",
        UnauthorizedAccessException => "it may not be read: check its permissions",
        _ => why.Message,
    };

    /// <summary>Why a node could not call a file or folder as it is called here; null when it can.</summary>
    public static string? WhyNot(string name) =>
        name.Contains('\\') ? "its name has a backslash, which divides folders on the node"
        : name.Contains('\ufffd') ? "its name is not UTF-8"
        : null;

    /// <param name="Name">As the file system has it.</param>
    /// <param name="Normal">As a node has it, and with <c>/</c> behind a folder: so sorted, all that is in it comes where its name
    /// stands.</param>
    /// <param name="IsFolder">Whether it is a folder, and no link to one.</param>
    private sealed record Thing(string Name, string Normal, bool IsFolder)
    {
        public LocalFile Refused(string why) => new(Normal, Name, null, why);

        public static Thing Of(ref FileSystemEntry entry)
        {
            var name = entry.FileName.ToString();
            var isFolder = entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0;
            var normal = NormalFormC.Of(name);
            return new Thing(name, isFolder ? normal + "/" : normal, isFolder);
        }
    }
}

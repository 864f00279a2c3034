using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Remembers the names of uploads that have begun and not ended, so that another process can go on with them.</summary>
/// <remarks>
/// A small file for each, whose name is a digest of what is sent where; it goes when the file is stored. A name that could be worked
/// out without it would not do: the node remembers the uploads that it has stored, and would take the same file, sent again after another
/// had taken its place, for one that it has.
/// </remarks>
/// <param name="folder">Where they are kept; nobody else's business, and no loss when it is removed.</param>
public sealed class PendingUploads(string folder)
{
    // Smaller files are sent again in no time.
    private const long BytesWorthIt = 1 << 20;
    private const int IdChars = 32;
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    /// <summary>In the user's folder for what programs can do without; null when there is none.</summary>
    public static PendingUploads? Default =>
        FolderSyncOptions.DefaultCacheFolder is { } caches ? new PendingUploads(Path.Combine(caches, "uploads")) : null;

    /// <summary>Stores a file of this machine, and goes on where an earlier process was interrupted, if the file here is the same.</summary>
    /// <param name="client">What talks with the node.</param>
    /// <param name="path">Which file.</param>
    /// <param name="name">What it is to be called on the node.</param>
    /// <param name="options">How; the name of the upload is given here.</param>
    /// <param name="cancel">Gives up; what is there stays on the node for a while.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<StoredFile> PutFileAsync(
        NodeClient client, string path, string name, PutOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new PutOptions();
        var file = Path.GetFullPath(path);
        if (File.Exists(file)) file = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        if (FileStamp.Of(file) is not { SizeBytes: >= BytesWorthIt } stamp || Remember(client, file, stamp, name, options) is not { } pending)
            return await client.PutFileAsync(path, name, options, cancel);
        try
        {
            var stored = await client.PutFileAsync(path, name, options with { Upload = pending.Id }, cancel);
            Forget(pending.Note);
            return stored;
        }
        catch (NodeRefusedException no) when (!no.IsWorthRetrying && !no.Is(Rejection.TakenOver))
        {
            Forget(pending.Note);
            throw;
        }
    }

    private (string Note, string Id)? Remember(NodeClient client, string file, FileStamp stamp, string name, PutOptions options)
    {
        var what = $"{client.Address}\n{file}\n{stamp.SizeBytes} {stamp.Modified} {stamp.Inode}\n{name}\n{options.Digest} {options.PartsAtOnce > 1}";
        var note = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..32] + ".upload");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            RemoveOld();
            if (File.Exists(note) && File.ReadAllText(note) is { Length: IdChars } id && id.All(char.IsAsciiHexDigitLower))
                return (note, id);
            id = RandomNumberGenerator.GetHexString(IdChars, lowercase: true);
            File.WriteAllText(note, id);
            return (note, id);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return null; // it is sent all the same, and begins anew when this process is interrupted
        }
    }

    private void RemoveOld()
    {
        var oldest = DateTime.UtcNow - s_keep;
        foreach (var note in Directory.EnumerateFiles(folder, "*.upload"))
            if (File.GetLastWriteTimeUtc(note) < oldest)
                Forget(note);
    }

    private static void Forget(string note)
    {
        try
        {
            File.Delete(note);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            // The worst that comes of it is a question to the node, should the same file be sent there again.
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Fetches a file under a name of its own beside where it is to be, so that another process can go on with it.</summary>
/// <remarks>
/// The name says what the file is to be called, and has the digest of the version: what is there of another version is of no use, and
/// is removed. Both are digested, as either may be as long as a name can be.
/// </remarks>
internal sealed class FileDownload(NodeRequests ask, BegunDownloads begun, string name, string path)
{
    private const string Mark = ".actorsock-", End = ".part";
    private const int HexChars = 32;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly string _stem = Mark + Hex(Path.GetFileName(path)) + "-";

    /// <summary>What the name of such a file begins with, whatever version it is of.</summary>
    public static ReadOnlySpan<char> StemOf(string leaf) => leaf.AsSpan(0, Mark.Length + HexChars + 1);

    /// <summary>Whether a file of this name is what a download has begun, and no file of a user or of a node.</summary>
    public static bool IsPart(string leaf) =>
        leaf.Length == Mark.Length + 2 * HexChars + 1 + End.Length
        && leaf.StartsWith(Mark, StringComparison.OrdinalIgnoreCase) && leaf.EndsWith(End, StringComparison.OrdinalIgnoreCase);

    public async Task<RemoteFile> RunAsync(RemoteFile? known, CancellationToken cancel)
    {
        if (known?.Md5 is null)
            known = await ask.Retrying.RunAsync(_ => ask.StatAsync(name, cancel), null, cancel);
        // Without a digest nobody knows what a later process would go on with.
        var part = Path.Combine(_folder, _stem + (known.Md5 is { } md5 ? Hex($"{md5}") : Hex($"{Guid.NewGuid()}")) + End);
        begun.RemoveOthers(_folder, _stem, part);
        RemoteFile fetched;
        try
        {
            await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, useAsync: true);
            fetched = await FetchAsync(target, known, cancel);
            target.Flush(flushToDisk: true);
        }
        catch (Exception) when (known.Md5 is null)
        {
            File.Delete(part);
            throw;
        }
        catch (DigestDiffersException)
        {
            File.Delete(part);
            throw;
        }
        File.Move(part, path, overwrite: true);
        begun.Forget(_folder, _stem);
        return fetched;
    }

    private async Task<RemoteFile> FetchAsync(FileStream target, RemoteFile known, CancellationToken cancel)
    {
        if (target.Length > known.SizeBytes) target.SetLength(0);
        if (target.Length == 0) return await new Download(ask, name, target, new GetOptions(), known).RunAsync(cancel);
        var there = new UploadSource(target, target.Length);
        var digest = await there.DigestAsync(DigestKind.Md5, target.Length, ask.Options.BlockBytes, cancel);
        var beginning = new Download.Begun(target.Length, digest);
        return await new Download(ask, name, target, new GetOptions(), known, beginning).RunAsync(cancel);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HexChars];
}

using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Stores files on a node and fetches, lists, renames and deletes them, over connections that it opens as they are needed
/// and opens again when they are lost.</summary>
/// <remarks>
/// For any number of callers at a time. What is asked is tried again as <see cref="NodeOptions.Retry"/> says, and a large file goes
/// on where it was; nothing is ever stored, renamed or deleted twice for it. All methods throw<br/>
/// <see cref="NodeRefusedException"/> when the node says no,<br/>
/// <see cref="NodeLostException"/> when it could not be reached to the last,<br/>
/// <see cref="KeyRefusedException"/> when it wants no key, and <see cref="FormatException"/> when the address is none.
/// </remarks>
public sealed class NodeClient : IAsyncDisposable
{
    private readonly NodeRequests _ask;
    private readonly BegunDownloads _begun = new();

    /// <summary>Makes a client; connects when something is asked.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public NodeClient(string address, NodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address;
        options ??= new NodeOptions();
        options.Check();
        _ask = new NodeRequests(new NodePool(address, options), options, new TransferFeed());
    }

    /// <summary>Tells of all transfers, block by block, on whichever thread moves them. Sample it for people. An observer that
    /// throws makes the transfer fail.</summary>
    public IObservable<TransferProgress> Transfers => _ask.Feed.Told;

    /// <summary>The address of the node, as it was given.</summary>
    public string Address { get; }

    internal NodeRequests Ask => _ask;

    /// <summary>Connects now, and tries it once: so it is told at once when nobody is there.</summary>
    /// <returns>What the node says of itself.</returns>
    public async Task<NodeGreeting> ConnectAsync(CancellationToken cancel = default)
    {
        var greeting = (await _ask.Pool.SharedAsync(cancel)).Greeting;
        return new NodeGreeting(greeting.Agent, greeting.Client, greeting.Capabilities ?? []) { Node = greeting.Node };
    }

    /// <summary>Stores a file of this machine.</summary>
    /// <param name="path">Which.</param>
    /// <param name="name">What it is to be called on the node.</param>
    /// <param name="options">Null for the defaults: it replaces a file of the same name, and is read once.</param>
    /// <param name="cancel">Gives up; what is there of a large file stays on the node for a while.</param>
    /// <exception cref="IOException">It cannot be read; or it was written while it was sent, and again while it was sent once
    /// more. Nothing of it is stored then.</exception>
    public async Task<StoredFile> PutFileAsync(
        string path, string name, PutOptions? options = null, CancellationToken cancel = default)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });
        return await PutAsync(file, name, options, cancel: cancel);
    }

    /// <summary>Stores what a stream has.</summary>
    /// <param name="body">Read from where it stands. One that cannot seek is read once: when the connection is lost in the middle of
    /// it, the upload fails. A <see cref="FileStream"/> that is read to its end must not be written meanwhile, as with
    /// <see cref="PutFileAsync"/>.</param>
    /// <param name="name">What the file is to be called on the node.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="size">How many bytes; null for all to the end, which need not be known.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="EndOfStreamException">The stream has less than <paramref name="size"/> bytes.</exception>
    public Task<StoredFile> PutAsync(
        Stream body, string name, PutOptions? options = null, long? size = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(name);
        if (size is { } bytes) ArgumentOutOfRangeException.ThrowIfNegative(bytes, nameof(size));
        options ??= new PutOptions();
        options.Check();
        return new Upload(_ask, name, new UploadSource(body, size), options.Upload ?? Upload.NewName(), options).RunAsync(cancel);
    }

    /// <summary>Fetches a file into a stream.</summary>
    /// <param name="name">Which.</param>
    /// <param name="target">Where it is written, from where the stream stands. One that cannot seek cannot take back what was
    /// written: when the file changes while it is fetched, that fails.</param>
    /// <param name="options">Null for the whole file.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The version that was fetched; its digest was compared when the whole was asked for.</returns>
    /// <exception cref="IOException">What arrived has another digest, or none can be had because it has changed since.</exception>
    public Task<RemoteFile> GetAsync(
        string name, Stream target, GetOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(target);
        return new Download(_ask, name, target, options ?? new GetOptions()).RunAsync(cancel);
    }

    /// <summary>Fetches a file to this machine. Under its name it is whole or not there.</summary>
    /// <param name="name">Which.</param>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<RemoteFile> GetFileAsync(string name, string path, CancellationToken cancel = default)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            RemoteFile file;
            await using (var target = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true))
            {
                file = await GetAsync(name, target, null, cancel);
                target.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
            return file;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Fetches a file to this machine, and goes on where an earlier process was interrupted. Under its name it is whole or
    /// not there; what is there until then lies beside it, in a file <c>.actorsock-*.part</c>.</summary>
    /// <param name="name">Which.</param>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="known">What is known of the file, such as from a list; null when it is to be asked for.</param>
    /// <param name="cancel">Gives up; what has arrived is kept for the next time.</param>
    /// <exception cref="IOException">What arrived has another digest, or another process is at it.</exception>
    public Task<RemoteFile> ResumeFileAsync(
        string name, string path, RemoteFile? known = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(path);
        return new FileDownload(_ask, _begun, name, path).RunAsync(known, cancel);
    }

    /// <summary>Lists files, ordered by the bytes of their names. A list is no snapshot.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="options">Null for all files in all folders.</param>
    /// <param name="cancel">Gives up.</param>
    public IAsyncEnumerable<ListEntry> ListAsync(
        string prefix = "", ListOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Listing.FilesAsync(_ask, prefix, options ?? new ListOptions(), cancel);
    }

    /// <summary>Lists the folders that have files, ordered by the bytes of their names, and says what is in each: the digest tells
    /// whether it is what a <see cref="FolderDigest"/> says of other files. A list is no snapshot.</summary>
    /// <param name="prefix">What their names begin with, which end with <c>/</c>; empty for all, of which the first has no name.</param>
    /// <param name="cancel">Gives up.</param>
    public IAsyncEnumerable<FolderEntry> FoldersAsync(string prefix = "", CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Listing.FoldersAsync(_ask, prefix, cancel);
    }

    /// <summary>Asks about one file; a node that does not know its digest reads it.</summary>
    /// <returns>Null when there is none of this name.</returns>
    public Task<RemoteFile?> StatAsync(string name, CancellationToken cancel = default) =>
        _ask.Retrying.RunAsync(_ => _ask.StatOnceAsync(name, cancel), null, cancel);

    /// <summary>Deletes a file. It is durable when this returns.</summary>
    /// <param name="name">Which.</param>
    /// <param name="onlyIf">The digest that it must have; null for whichever is there now, for which the node is asked first. One
    /// that somebody stores while the answer is lost stays.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The line of the journal; null when the answer was lost and the file is gone.</returns>
    public Task<Receipt?> DeleteAsync(string name, Md5Digest? onlyIf = null, CancellationToken cancel = default) =>
        new RemoteChanges(_ask).DeleteAsync(name, onlyIf, cancel);

    /// <summary>Gives a file another name. It is durable when this returns.</summary>
    /// <param name="name">Which.</param>
    /// <param name="to">What it is to be called.</param>
    /// <param name="exists">What if there is a file of that name.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NodeRefusedException">Also with <see cref="Rejection.NameUnknown"/> when the answer was lost, the file is
    /// gone, and with <see cref="ExistsRule.KeepBoth"/> its new name cannot be known.</exception>
    /// <exception cref="IOException">The answer was lost, and somebody has stored other files under its names since.</exception>
    public Task<RenamedFile> RenameAsync(
        string name, string to, ExistsRule exists = ExistsRule.Replace, CancellationToken cancel = default) =>
        new RemoteChanges(_ask).RenameAsync(name, to, exists, cancel);

    /// <summary>Asks whether the node is there.</summary>
    /// <returns>How long the answer took.</returns>
    public Task<TimeSpan> PingAsync(CancellationToken cancel = default) => _ask.Retrying.RunAsync(async _ =>
    {
        var connection = await _ask.Pool.SharedAsync(cancel);
        var begun = _ask.Options.Clock.GetTimestamp();
        await connection.AskAsync(new NativeRequest.Ping(), cancel);
        return _ask.Options.Clock.GetElapsedTime(begun);
    }, null, cancel);

    /// <summary>Closes the connections. What is under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ask.Pool.DisposeAsync();
        _ask.Feed.Dispose();
    }
}

using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Finds out what the node has of an upload, above all of one whose answer was lost.</summary>
/// <param name="ask">What to ask with.</param>
/// <param name="name">What the file is to be called.</param>
/// <param name="upload">The name of the upload.</param>
/// <param name="order">How it is to be stored.</param>
internal sealed class Whereabouts(NodeRequests ask, string name, string upload, PutOptions order)
{
    // A name that was given may be that of an upload which was stored long ago, and whose file is gone.
    private bool _isOurs = order.Upload is null;

    /// <summary>Asks what is there, and takes the upload over.</summary>
    public async Task<NativeReply> ResumeAsync(NodeConnection connection, long size, CancellationToken cancel) =>
        await NodeRequests.WithoutBodyAsync(await AskAsync(connection, size, order.Promise.Kind, cancel));

    /// <summary>Asks what is there of an upload that may come in parts, and takes it over.</summary>
    public Task<Answer> ResumePartsAsync(NodeConnection connection, long size, CancellationToken cancel) =>
        AskAsync(connection, size, kind: null, cancel);

    /// <summary>Whether the file of an upload that the node remembers as stored is the one here, and is still there.</summary>
    /// <param name="stored">What the node remembers.</param>
    /// <param name="size">Of the file here.</param>
    /// <param name="digest">Reads the file here; gives null when it cannot be read twice.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when it is to be sent, from its beginning.</returns>
    public async Task<StoredFile?> StoredAsync(
        NativeReply stored, long size, Func<Task<Md5Digest?>> digest, CancellationToken cancel)
    {
        var (there, md5) = (stored.Size, stored.Md5);
        if (!_isOurs)
        {
            var file = await ask.StatOnceAsync(stored.Name ?? name, cancel);
            (there, md5) = (file?.SizeBytes, file?.Md5);
        }
        if (there != size) return null;
        // Of parts that were joined nobody has the digest of the whole, but each was compared.
        if (md5 is not null || !_isOurs)
            if (await digest() is { } here ? here != md5 : !_isOurs)
                return null;
        return NodeRequests.Stored(stored, name);
    }

    /// <summary>Looks for a file that fits in memory and may have been stored.</summary>
    /// <param name="connection">Where it was sent, or its successor.</param>
    /// <param name="content">The file.</param>
    /// <param name="isRemembered">Whether the node was told the name of the upload.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<StoredFile?> FindAsync(
        NodeConnection connection, byte[] content, bool isRemembered, CancellationToken cancel)
    {
        var md5 = Md5Digest.FromBytes(MD5.HashData(content));
        if (isRemembered && await RememberedAsync(connection, content, md5, cancel) is { } stored) return stored;
        return await FindAsync(content.Length, md5, cancel);
    }

    /// <summary>Looks whether what has the name, or was put beside it, is the file that was sent.</summary>
    public async Task<StoredFile?> FindAsync(long size, Md5Digest digest, CancellationToken cancel)
    {
        if (order.Exists == ExistsRule.KeepBoth) return await FindBesideAsync(size, digest, cancel);
        return await ask.StatOnceAsync(name, cancel) is { } there && there.SizeBytes == size && there.Md5 == digest
            ? new StoredFile(there.Name, there.SizeBytes, there.Md5, null)
            : null;
    }

    private async Task<Answer> AskAsync(
        NodeConnection connection, long size, DigestKind? kind, CancellationToken cancel)
    {
        var resume = new NativeRequest.Resume(upload, name) { Size = size, Exists = order.Exists, Kind = kind };
        var answer = await connection.AskAsync(resume, cancel);
        // What was not stored then is ours when it is stored now.
        _isOurs |= answer.Reply.Status != NativeReply.Stored;
        return answer;
    }

    private async Task<StoredFile?> RememberedAsync(
        NodeConnection connection, byte[] content, Md5Digest md5, CancellationToken cancel)
    {
        try
        {
            var reply = await ResumeAsync(connection, content.Length, cancel);
            return reply.Status == NativeReply.Stored
                ? await StoredAsync(reply, content.Length, () => Task.FromResult<Md5Digest?>(md5), cancel)
                : null;
        }
        catch (NodeRefusedException there) when (there.Is(Rejection.Exists))
        {
            // It has forgotten the upload; whether the file is ours, its digest tells.
            return null;
        }
    }

    // A node that has forgotten the upload may have stored it under a name of its own choice.
    private async Task<StoredFile?> FindBesideAsync(long size, Md5Digest digest, CancellationToken cancel)
    {
        var siblings = new Siblings(name);
        await foreach (var there in Listing.FilesAsync(ask, siblings.Prefix, new ListOptions { Recursive = false }, cancel))
            if (!there.IsFolder && there.SizeBytes == size && there.Md5 == digest && siblings.Has(there.Name))
                return new StoredFile(there.Name, there.SizeBytes, there.Md5, null);
        return null;
    }
}

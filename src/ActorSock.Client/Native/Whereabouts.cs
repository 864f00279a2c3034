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
    /// <summary>Asks what is there, and takes the upload over.</summary>
    public async Task<NativeReply> ResumeAsync(NodeConnection connection, long size, CancellationToken cancel)
    {
        var resume = new NativeRequest.Resume(upload, name) { Size = size, Exists = order.Exists, Promise = order.Promise };
        return await NodeRequests.WithoutBodyAsync(await connection.AskAsync(resume, cancel));
    }

    /// <summary>Looks for a file that fits in memory and may have been stored.</summary>
    /// <param name="connection">Where it was sent, or its successor.</param>
    /// <param name="content">The file.</param>
    /// <param name="isRemembered">Whether the node was told the name of the upload.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<StoredFile?> FindAsync(
        NodeConnection connection, byte[] content, bool isRemembered, CancellationToken cancel)
    {
        if (isRemembered && await RememberedAsync(connection, content.Length, cancel) is { } stored) return stored;
        return await FindAsync(content.Length, Md5Digest.FromBytes(MD5.HashData(content)), cancel);
    }

    /// <summary>Looks whether what has the name, or was put beside it, is the file that was sent.</summary>
    public async Task<StoredFile?> FindAsync(long size, Md5Digest digest, CancellationToken cancel)
    {
        if (order.Exists == ExistsRule.KeepBoth) return await FindBesideAsync(size, digest, cancel);
        return await ask.StatOnceAsync(name, cancel) is { } there && there.SizeBytes == size && there.Md5 == digest
            ? new StoredFile(there.Name, there.SizeBytes, there.Md5, null)
            : null;
    }

    private async Task<StoredFile?> RememberedAsync(NodeConnection connection, long size, CancellationToken cancel)
    {
        try
        {
            var reply = await ResumeAsync(connection, size, cancel);
            return reply.Status == NativeReply.Stored ? NodeRequests.Stored(reply, name) : null;
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
        await foreach (var there in new Listing(ask).EntriesAsync(siblings.Prefix, new ListOptions { Recursive = false }, cancel))
            if (!there.IsFolder && there.SizeBytes == size && there.Md5 == digest && siblings.Has(there.Name))
                return new StoredFile(there.Name, there.SizeBytes, there.Md5, null);
        return null;
    }
}

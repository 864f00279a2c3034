using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Deletes and renames files. What may be done already is done again only to the very file that was meant.</summary>
/// <remarks>So it looks at the file first: when the answer is lost, somebody may have stored another under its name.</remarks>
/// <param name="ask">What to ask with.</param>
internal sealed class RemoteChanges(NodeRequests ask)
{
    // Whoever stores a file cannot do it much faster than it is looked at.
    private const int LooksMax = 10;

    public async Task<Receipt?> DeleteAsync(string name, Md5Digest? onlyIf, CancellationToken cancel)
    {
        RemoteFile? meant = null;
        return await ask.Retrying.RunAsync(async attempt =>
        {
            for (var looks = 1; ; looks++)
            {
                if (onlyIf is null && meant is not null && attempt.MayBeDone && !IsStill(meant, await ask.LookOnceAsync(name, cancel)))
                    return null;
                if (onlyIf is null) meant ??= await ask.LookAsync(name, cancel);
                try
                {
                    var request = new NativeRequest.Delete(name) { OnlyIf = onlyIf ?? meant?.Md5 };
                    return (await NodeRequests.WithoutBodyAsync(await ask.AskOnceAsync(request, cancel))).Receipt;
                }
                catch (NodeRefusedException gone) when (attempt.MayBeDone && gone.Is(Rejection.NameUnknown))
                {
                    return null;
                }
                catch (NodeRefusedException changed) when (onlyIf is null && changed.Is(Rejection.Changed) && looks < LooksMax)
                {
                    // Replaced since it was looked at; where an earlier attempt may have done it, that was behind it.
                    if (attempt.MayBeDone) return null;
                    meant = null;
                }
            }
        }, null, cancel);
    }

    public async Task<RenamedFile> RenameAsync(string name, string to, ExistsRule exists, CancellationToken cancel)
    {
        RemoteFile? meant = null;
        return await ask.Retrying.RunAsync(async attempt =>
        {
            if (meant is not null && attempt.MayBeDone && await FindAsync(meant) is { } renamed) return renamed;
            meant ??= await ask.LookAsync(name, cancel);
            var reply = await NodeRequests.WithoutBodyAsync(
                await ask.AskOnceAsync(new NativeRequest.Rename(name, to) { Exists = exists }, cancel));
            return new RenamedFile(reply.Name ?? to, reply.Receipt);
        }, null, cancel);

        // Null when it was not done.
        async Task<RenamedFile?> FindAsync(RemoteFile file)
        {
            var there = await ask.LookOnceAsync(name, cancel);
            if (IsStill(file, there)) return null;
            // Kept beside another it has a name that nobody knows: the node will say that the old one is gone.
            if (exists == ExistsRule.KeepBoth && there is null) return null;
            if (exists != ExistsRule.KeepBoth && await ask.LookOnceAsync(to, cancel) is { } here && IsMoved(file, here))
                return new RenamedFile(here.Name, null);
            throw new IOException("the answer was lost, and whether it was renamed cannot be told: the files of both names are others now");
        }
    }

    // What the node knows of a digest may change within seconds; the time of a file changes with its bytes.
    private static bool IsStill(RemoteFile file, RemoteFile? now) =>
        now is not null && file with { Md5 = null } == now with { Md5 = null } && (file.Md5 ?? now.Md5) == (now.Md5 ?? file.Md5);

    private static bool IsMoved(RemoteFile file, RemoteFile there) =>
        file.SizeBytes == there.SizeBytes
        && (file.Md5 is null || there.Md5 is null ? file.Modified == there.Modified : file.Md5 == there.Md5);
}

using System.Diagnostics.CodeAnalysis;
using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Settings;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Keeps uploads in the staging folder of a root: <c>u-STEM.part</c> and <c>u-STEM.state</c>.</summary>
/// <param name="root">the root</param>
/// <param name="volume">its disk</param>
/// <param name="settings">how files are written</param>
internal sealed class UploadFolder(FileRoot root, IVolume volume, FilesSettings settings) : IUploadFolder
{
    private const string Prefix = "u-";

    /// <summary>Whether a part file is one of those that are kept here, which a recovery of the others leaves alone.</summary>
    public static bool Owns(string partName) => partName.StartsWith(Prefix, StringComparison.Ordinal);

    public static string PartOf(string stem) => $"{Prefix}{stem}{NodeFolder.PartEnding}";

    private static string StateOf(string stem) => $"{Prefix}{stem}{NodeFolder.StateEnding}";

    public IReadOnlyList<FoundUpload> Find()
    {
        var parts = Stems(NodeFolder.PartEnding);
        var found = new List<FoundUpload>();
        foreach (var (stem, seen) in Stems(NodeFolder.StateEnding))
        {
            PartSeen? part = parts.Remove(stem, out var there) ? there : null;
            if (TryFind(stem, seen, part, out var upload))
                found.Add(upload);
            else
                Drop(stem);
        }
        foreach (var stem in parts.Keys) // it had not come so far, or was being removed
            Drop(stem);
        return found;
    }

    public IUploadFile Begin(string stem, UploadKey key, UploadTerms terms)
    {
        root.Probe(terms.Name, terms.Size ?? 0);
        var (part, state) = Make(stem, key, terms);
        return new UploadFile(this, root, settings, stem, part, state, start: 0);
    }

    public Reopened Reopen(string stem, UploadTerms terms)
    {
        if (OpenState(stem) is not { } state)
            return new Reopened.Lost();
        IPart? part = null;
        try
        {
            part = volume.OpenPart(PartOf(stem), terms.Name, direct: false);
            if (part is null)
                return Published(state.Terms, state.Progress) is { } stored ? new Reopened.Stored(stored) : new Reopened.Lost();
            if (Digested(state.Progress, part.Length) is not { } digests)
                return new Reopened.Lost();
            root.Probe(terms.Name, Math.Max(0, (terms.Size ?? 0) - digests.BytesCount));
            part.Truncate(digests.BytesCount);
            if (IsDirect(terms) && digests.BytesCount % Blocks.AlignedMemory.AlignmentBytes == 0)
            {
                part.Dispose();
                part = volume.OpenPart(PartOf(stem), terms.Name, direct: true);
                if (part is null)
                    return new Reopened.Lost(); // somebody has taken it away meanwhile
            }
            var open = new Reopened.Open(new UploadFile(this, root, settings, stem, part, state, digests.BytesCount), digests);
            (part, state) = (null, null);
            return open;
        }
        finally
        {
            part?.Dispose();
            state?.Dispose();
        }
    }

    public void BeginParts(string stem, UploadKey key, UploadTerms terms)
    {
        root.Probe(terms.Name, 0); // room is asked for part by part
        var (part, state) = Make(stem, key, terms);
        var isMade = false;
        using (state)
        using (part)
        {
            try
            {
                part.Truncate(terms.Size!.Value); // parts beyond the end would have to wait for one another
                part.SyncBytes();
                SyncNames();
                isMade = true;
            }
            finally
            {
                if (!isMade)
                    Drop(stem); // the next who comes begins in other files
            }
        }
    }

    public IPartPlace OpenPart(string stem, UploadTerms terms, long offset, long bytes)
    {
        root.ThrowIfNoRoomFor(terms.Name, bytes);
        var part = volume.OpenPart(PartOf(stem), terms.Name, IsDirect(terms)) ?? throw Gone(terms);
        return new PartPlace(root, settings, part, terms.Name, offset, bytes);
    }

    public IJoinedFile OpenJoined(string stem, UploadTerms terms)
    {
        var state = OpenState(stem) ?? throw Gone(terms);
        try
        {
            var part = volume.OpenPart(PartOf(stem), terms.Name, IsDirect(terms)) ?? throw Gone(terms);
            return new JoinedFile(this, stem, part, state, terms.Size!.Value);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    public void KeepPart(string stem, int index, KeptPart part)
    {
        using var state = OpenState(stem) ?? throw new StorageException(
            StorageFault.Failed, "cannot keep a part", "what is kept beside the upload is gone", "send it again from its beginning");
        state.KeepPart(index, part);
    }

    public void Remember(string stem, StoredUpload stored)
    {
        using var state = OpenState(stem);
        var progress = new UploadProgress.Stored(stored);
        if (state is not null && UploadState.HasRoomFor(progress))
            state.Keep(progress);
    }

    public void Drop(string stem)
    {
        try
        {
            volume.RemovePart(StateOf(stem)); // first: without it the part file is nothing, and without that it could be taken for stored
            volume.RemovePart(PartOf(stem));
        }
        catch (StorageException)
        {
            // It is found again at the next start.
        }
    }

    internal DateTimeOffset Now => root.Now;

    internal void SyncNames() => volume.SyncStaging();

    private bool IsDirect(UploadTerms terms) => terms.Size is not { } size || size >= settings.DirectBytesMin;

    private (IPart Part, UploadState State) Make(string stem, UploadKey key, UploadTerms terms)
    {
        UploadState? state = null;
        var part = volume.CreatePart(PartOf(stem), terms.Name, IsDirect(terms));
        try
        {
            state = UploadState.Create(volume.OpenBeside(StateOf(stem), create: true)!, key, terms);
            return (part, state);
        }
        finally
        {
            if (state is null)
            {
                part.Dispose();
                Drop(stem);
            }
        }
    }

    private UploadState? OpenState(string stem) =>
        volume.OpenBeside(StateOf(stem), create: false) is { } file ? UploadState.Open(file) : null;

    private Dictionary<string, PartSeen> Stems(string ending) => volume.Staged(ending)
        .Where(seen => Owns(seen.Name))
        .ToDictionary(seen => seen.Name[Prefix.Length..^ending.Length], StringComparer.Ordinal);

    private bool TryFind(string stem, PartSeen seen, PartSeen? part, [NotNullWhen(true)] out FoundUpload? found)
    {
        found = null;
        using var state = OpenState(stem);
        if (state is null)
            return false;
        var progress = state.Progress;
        if (progress is UploadProgress.Sealed && part is null && Published(state.Terms, progress) is { } stored)
            progress = new UploadProgress.Stored(stored);
        if (progress is not UploadProgress.Stored && (part is null || !IsThere(state.Terms, progress, part.Value.Bytes)))
            return false;
        var touched = part is { } at && at.LastWritten > seen.LastWritten ? at.LastWritten : seen.LastWritten;
        var parts = state.Terms.InParts && progress is not UploadProgress.Stored ? state.ReadParts() : [];
        found = new FoundUpload(stem, state.Key, state.Terms, progress, part?.Bytes ?? 0, touched, (parts, state.PartsCount));
        return true;
    }

    private static bool IsThere(UploadTerms terms, UploadProgress progress, long partBytes) =>
        terms.InParts ? terms.Size == partBytes : Digested(progress, partBytes) is not null;

    /// <summary>The digests of what is kept; null when the part file has not so much.</summary>
    private static DigestState? Digested(UploadProgress progress, long partBytes) =>
        StateIn(progress) is { } state && state.BytesCount <= partBytes ? state : null;

    /// <summary>The digests to go on from; null when there is nothing to go on with.</summary>
    public static DigestState? StateIn(UploadProgress progress) => progress switch
    {
        UploadProgress.Growing growing => growing.State,
        UploadProgress.Sealed all => all.State,
        _ => null,
    };

    /// <summary>
    /// What became of a sealed part file that is gone: the journal takes one away to give it its name, but somebody else may have, and
    /// the name may have become another one. A client may delete its own copy for what is said here, so the digest is looked at.
    /// </summary>
    private StoredUpload? Published(UploadTerms terms, UploadProgress progress) =>
        progress is UploadProgress.Sealed { Md5: not null } all
            && Readable(terms.Name) is { } found && found.Size == all.Size && found.Md5 == all.Md5
            ? new StoredUpload(terms.Name, all.Size, all.Md5, all.Sha256, Receipt: null)
            : null;

    /// <summary>One file that cannot be read, because its owner changed its mode for one, is none, and is to keep no node from its start.</summary>
    private StoredFile? Readable(FileName name)
    {
        try
        {
            return root.Digest(name);
        }
        catch (StorageException)
        {
            return null; // its client sends it again, which tells whether it can be stored there
        }
    }

    private static StorageException Gone(UploadTerms terms) => new(
        StorageFault.Failed, $"cannot store '{terms.Name}'", "the part file of the upload is gone", "send it again from its beginning");
}

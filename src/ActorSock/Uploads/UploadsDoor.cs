using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Blocks;
using ActorSock.Journal;
using ActorSock.Settings;

namespace ActorSock.Uploads;

/// <summary>Where claims on uploads go in, and what is known of the uploads.</summary>
internal sealed class UploadsDoor
{
    private readonly Allowance _allMemory;
    private readonly Dictionary<string, PartMemory> _memory = []; // by client: of those there are as many as there are keys
    private long _generation;

    /// <param name="memory">what the tables of parts may take together</param>
    /// <param name="settings">what is kept, and how long</param>
    /// <param name="clock">the node's</param>
    public UploadsDoor(Allowance memory, FilesSettings settings, TimeProvider clock) =>
        (_allMemory, Small) = (memory, new SmallUploads(settings, clock, this));

    /// <summary>Takes <see cref="UploadsActor.Command"/>s; the same over its restarts.</summary>
    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>All uploads that are known, but for small ones; changed by the actor alone, for its next life to go on with.</summary>
    public ConcurrentDictionary<UploadKey, UploadEntry> Entries { get; } = [];

    /// <summary>Those that are too small to be kept in part, of words that no other upload has.</summary>
    public SmallUploads Small { get; }

    /// <summary>Those that the journal has, by what becomes of them; the actor's own.</summary>
    public Dictionary<Verdict, UploadEntry> Committing { get; } = [];

    /// <summary>Takes over what is in the staging folder; for the start of a node, when the journal has been recovered.</summary>
    /// <returns>How many can be gone on with.</returns>
    /// <exception cref="Files.StorageException">It cannot be read.</exception>
    public int Prepare(IUploadFolder folder)
    {
        foreach (var found in folder.Find().OrderBy(static found => GenerationOf(found.Stem)))
        {
            _generation = Math.Max(_generation, GenerationOf(found.Stem));
            if (Entries.TryRemove(found.Key, out var older))
            {
                older.Parts?.Clear();
                folder.Drop(older.Stem); // it was taken over from somebody who was stuck
            }
            Entries[found.Key] = EntryOf(found);
        }
        return Entries.Values.Count(static entry => entry.Stored is null);
    }

    /// <summary>Whether the word is that of an upload that is not small; for anybody.</summary>
    public bool Knows(UploadKey key) => Entries.ContainsKey(key);

    /// <summary>A table for the parts of an upload.</summary>
    public PartTable NewParts(UploadKey key, string stem, long size) => new(stem, size, MemoryOf(key.Client));

    /// <summary>What the tables of a client take.</summary>
    public PartMemory MemoryOf(string client)
    {
        if (!_memory.TryGetValue(client, out var its))
            _memory.Add(client, its = new PartMemory(_allMemory));
        return its;
    }

    /// <summary>Names for the files of a new upload. The word of the client is no part of them: what it has chosen names no file.</summary>
    public string NewStem(UploadKey key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Client}\0{key.Upload}"), hash);
        return $"{Convert.ToHexStringLower(hash[..12])}-{++_generation:x}";
    }

    private static long GenerationOf(string stem) =>
        long.TryParse(stem.AsSpan(stem.LastIndexOf('-') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var generation)
            ? generation : 0;

    private UploadEntry EntryOf(FoundUpload found)
    {
        var entry = new UploadEntry(found.Key, found.Terms, found.Stem) { IsBegun = true, Bytes = found.Bytes, Touched = found.Touched };
        switch (found.Progress)
        {
            case UploadProgress.Stored stored:
                entry.Stored = stored.Upload;
                return entry;
            case var whole when !found.Terms.InParts:
                var state = UploadFolder.StateIn(whole)!;
                (entry.Offset, entry.Prefix) = (state.BytesCount, state.Digest());
                return entry;
            default:
                entry.Parts = NewParts(found.Key, found.Stem, found.Terms.Size ?? 0);
                entry.Parts.Fill(found.Parts.Kept, found.Parts.Places);
                return entry;
        }
    }
}

namespace ActorSock.Files;

/// <summary>A part file as it was found.</summary>
internal readonly record struct PartSeen(string Name, long Bytes, DateTimeOffset LastWritten)
{
    /// <summary>Looks into a staging folder; parts that go while we look are left out.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public static IReadOnlyList<PartSeen> In(string staging, string ending) =>
        SystemWords.Try("cannot look into the staging folder", () =>
        {
            var seen = new List<PartSeen>();
            foreach (var file in new DirectoryInfo(staging).EnumerateFiles("*" + ending))
            {
                try
                {
                    seen.Add(new PartSeen(file.Name, file.Length, file.LastWriteTimeUtc));
                }
                catch (FileNotFoundException)
                {
                    // published or removed since it was listed
                }
            }
            return seen;
        });
}

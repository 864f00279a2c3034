using Microsoft.Win32.SafeHandles;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>What a server has stored: looked at byte for byte, then put away.</summary>
internal sealed class StoredFiles(string folder, string aside)
{
    private const int ManyFiles = 1000, PieceBytes = 1 << 20;

    private int _times;

    // What begins with a dot is the server's own.
    private IEnumerable<string> Files => Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f)[0] != '.');

    /// <exception cref="InvalidDataException">a file is missing, too many, or not its source</exception>
    public void Check(Scenario scenario, SourceFiles sources)
    {
        if (Files.Count() is var count && count != scenario.FileCount)
            throw new InvalidDataException($"{count} files in {folder}, expected {scenario.FileCount}");
        Parallel.For(0, scenario.FileCount, number =>
        {
            var name = scenario.NameOf(number);
            using var stored = File.OpenHandle(Path.Combine(folder, name));
            if (!Same(stored, sources.File(number)))
                throw new InvalidDataException($"{name} in {folder} is not what was sent");
        });
    }

    /// <summary>
    /// Deletes few files; moves many aside: ext4 without a journal creates files ten times slower for minutes after
    /// thousands were deleted.
    /// </summary>
    public void PutAway()
    {
        var files = Files.ToList();
        var to = Path.Combine(aside, $"{Path.GetFileName(folder)}-{_times++}");
        if (files.Count > ManyFiles)
            Directory.CreateDirectory(to);
        foreach (var file in files)
        {
            if (files.Count > ManyFiles)
                File.Move(file, Path.Combine(to, Path.GetFileName(file)));
            else
                File.Delete(file);
        }
        LibC.SyncAll();
    }

    private static bool Same(SafeFileHandle one, SafeFileHandle other)
    {
        var (a, b) = (new byte[PieceBytes], new byte[PieceBytes]);
        for (long at = 0; ;)
        {
            var (read, wanted) = (Read(one, a, at), Read(other, b, at));
            if (!a.AsSpan(0, read).SequenceEqual(b.AsSpan(0, wanted)))
                return false;
            if (read == 0)
                return true;
            at += read;
        }
    }

    private static int Read(SafeFileHandle file, byte[] piece, long at)
    {
        var got = 0;
        for (int read; got < piece.Length && (read = RandomAccess.Read(file, piece.AsSpan(got), at + got)) > 0;)
            got += read;
        return got;
    }
}

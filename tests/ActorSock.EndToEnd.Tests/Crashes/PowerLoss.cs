using System.Buffers.Binary;
using System.Numerics;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>Does to a root what a power failure may do: what was in the page cache only is lost, whole or in part.</summary>
/// <remarks>
/// By hand, so that it works everywhere: it spoils what nobody had synced since the node started, as long as no checkpoint was over
/// meanwhile: small files, new folders, the journal's tail, the marker, the header of a segment without a group. Names of large files are
/// synced before anybody is told and stay. LOG.md and JOURNAL.md tell what is synced when.
/// </remarks>
internal sealed class PowerLoss
{
    private const int PageBytes = 4096, SmallBytesMax = 64 << 10;

    private readonly string _root;
    private readonly Dictionary<string, byte[]> _small;
    private readonly HashSet<string> _folders;
    private readonly Dictionary<string, long> _journal;
    private readonly Dictionary<string, byte[]> _logHeaders;

    private PowerLoss(string root)
    {
        _root = root;
        _small = SmallFiles().ToDictionary(path => path, File.ReadAllBytes);
        _folders = [.. Folders()];
        _journal = JournalFiles().ToDictionary(path => path, path => new FileInfo(path).Length);
        _logHeaders = LogFiles(root).ToDictionary(path => path, path => LogFile.ReadPage(path, 0));
    }

    /// <summary>How many files and folders it has spoiled.</summary>
    public int SpoiledCount { get; private set; }

    /// <summary>Takes down what is durable: everything, right after a node has started.</summary>
    public static PowerLoss AfterStart(string root) => new(root);

    /// <summary>Strikes when the node is dead.</summary>
    /// <param name="random">says what is lost</param>
    /// <param name="inFlush">whether a group was written to the log and not flushed: then it may be torn</param>
    public void Strike(Random random, bool inFlush)
    {
        foreach (var folder in Folders().Where(folder => !_folders.Contains(folder)))
            LoseFolder(folder, random);
        foreach (var path in SmallFiles().Where(path => !_small.TryGetValue(path, out var before) || !File.ReadAllBytes(path).SequenceEqual(before)))
            LoseContent(path, random);
        foreach (var path in JournalFiles())
            LoseTail(path, _journal.GetValueOrDefault(path), random);
        foreach (var path in LogFiles(_root))
            LogFile.Open(path).LoseWhatWasNotFlushed(_logHeaders[path], random, inFlush);
        BecomeAnotherBoot(Path.Combine(_root, ".actorsock", "log", "published"), random);
    }

    /// <summary>The marker, as if another run of the machine had written it; or none.</summary>
    public static void BecomeAnotherBoot(string marker, Random random)
    {
        var bytes = File.ReadAllBytes(marker);
        if (random.Next(4) == 0)
        {
            File.WriteAllBytes(marker, new byte[random.Next(2) * bytes.Length]);
            return;
        }
        random.NextBytes(bytes.AsSpan(16, 16));
        var (even, odd) = (uint.MaxValue, uint.MaxValue);
        for (var at = 0; at < 48; at += 16)
        {
            even = BitOperations.Crc32C(even, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            odd = BitOperations.Crc32C(odd, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8)));
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), even);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(52), odd);
        File.WriteAllBytes(marker, bytes);
    }

    private void LoseFolder(string folder, Random random)
    {
        if (random.Next(3) > 0 || !Directory.Exists(folder)
            || Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(path => !IsSmall(path)))
            return;
        Directory.Delete(folder, recursive: true);
        SpoiledCount++;
    }

    private void LoseContent(string path, Random random)
    {
        var bytes = File.ReadAllBytes(path);
        switch (random.Next(5))
        {
            case 0: return; // it was written back in time
            case 1: File.WriteAllBytes(path, []); break;
            case 2: File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]); break;
            case 3: File.WriteAllBytes(path, new byte[bytes.Length]); break;
            case 4 when _small.TryGetValue(path, out var before): File.WriteAllBytes(path, before); break;
            default: File.Delete(path); break;
        }
        SpoiledCount++;
    }

    private static void LoseTail(string path, long durable, Random random)
    {
        using var file = File.OpenWrite(path);
        var kept = random.NextInt64(durable, file.Length + 1);
        var length = random.Next(2) == 0 ? kept : file.Length;
        file.SetLength(kept);
        file.SetLength(length); // the rest is zeros, or gone
    }

    private IEnumerable<string> SmallFiles() => Below(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)).Where(IsSmall).ToArray();

    private IEnumerable<string> Folders() => Below(Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories)).ToArray();

    private IEnumerable<string> Below(IEnumerable<string> paths) =>
        paths.Where(path => !path.StartsWith(Path.Combine(_root, ".actorsock"), StringComparison.Ordinal));

    private string[] JournalFiles() => Directory.GetFiles(Path.Combine(_root, ".actorsock", "journal"), "journal-*");

    private static string[] LogFiles(string root) => Directory.GetFiles(Path.Combine(root, ".actorsock", "log"), "log-*");

    private static bool IsSmall(string path) => new FileInfo(path).Length <= SmallBytesMax;

    /// <summary>A segment of the commit log: LOG.md, "Layout".</summary>
    private sealed class LogFile(string path, byte[] header)
    {
        public static LogFile Open(string path) => new(path, ReadPage(path, 0));

        public static byte[] ReadPage(string path, long at)
        {
            using var file = File.OpenRead(path);
            var page = new byte[PageBytes];
            file.Position = at;
            file.ReadExactly(page);
            return page;
        }

        public void LoseWhatWasNotFlushed(byte[] headerBefore, Random random, bool inFlush)
        {
            var groups = Groups().ToArray();
            using var file = File.OpenWrite(path);
            if (groups.Length == 0)
                file.Write(headerBefore);
            else if (inFlush)
                Tear(file, groups[^1], random);
        }

        private static void Tear(FileStream file, (long At, int Bytes) group, Random random)
        {
            const int sector = 512;
            for (var at = group.At; at < group.At + group.Bytes; at += sector)
            {
                if (random.Next(2) == 0)
                    continue;
                file.Position = at;
                file.Write(new byte[sector]);
            }
        }

        private IEnumerable<(long At, int Bytes)> Groups()
        {
            var bytes = new FileInfo(path).Length;
            for (var at = (long)PageBytes; at < bytes;)
            {
                var page = ReadPage(path, at);
                if (!page.AsSpan().StartsWith("ASCKGRP1"u8) || !page.AsSpan(8, 16).SequenceEqual(header.AsSpan(8, 16)))
                    yield break;
                var length = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(32));
                yield return (at, length);
                at += (length + PageBytes - 1) & -PageBytes;
            }
        }
    }
}

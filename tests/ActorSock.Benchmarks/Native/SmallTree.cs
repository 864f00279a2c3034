using System.Security.Cryptography;

namespace ActorSock.Benchmarks.Native;

/// <summary>A folder of folders of small files, no two alike.</summary>
internal sealed class SmallTree : IDisposable
{
    public const int Folders = 100, FilesOfFolder = 1_000, FileBytes = 1024;

    private const string InMemory = "/dev/shm";

    public SmallTree()
    {
        Path = Directory.Exists(InMemory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"as-bench-{Environment.ProcessId}-tree")).FullName
            : Directory.CreateTempSubdirectory("as-bench-tree-").FullName;
        var content = RandomNumberGenerator.GetBytes(FileBytes);
        for (var number = 0; number < Folders * FilesOfFolder; number++)
        {
            if (number % FilesOfFolder == 0)
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(Path, number))!);
            BitConverter.TryWriteBytes(content, number);
            File.WriteAllBytes(PathOf(Path, number), content);
        }
    }

    public string Path { get; }

    /// <exception cref="InvalidDataException">a file is missing in the copy, too many, or another</exception>
    public void Check(string copy)
    {
        if (Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Count() is var count && count != Folders * FilesOfFolder)
            throw new InvalidDataException($"{count} files in {copy}, expected {Folders * FilesOfFolder}");
        Parallel.For(0, Folders * FilesOfFolder, number =>
        {
            if (!File.ReadAllBytes(PathOf(copy, number)).AsSpan().SequenceEqual(File.ReadAllBytes(PathOf(Path, number))))
                throw new InvalidDataException($"{PathOf(copy, number)} is not what was sent");
        });
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string PathOf(string root, int number) =>
        System.IO.Path.Combine(root, $"d{number / FilesOfFolder:00}", $"f{number % FilesOfFolder:000}");
}

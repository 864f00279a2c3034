using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Eight random contents of one size with their digests: files in memory, so that sendfile can take them.</summary>
/// <remarks>File number k over all clients carries content k mod 8 and is named <c>c(client)_f(file)</c>.</remarks>
internal sealed class SourceFiles : IDisposable
{
    private const int Contents = 8;
    private const string InMemory = "/dev/shm";

    private readonly DirectoryInfo _folder;
    private readonly SafeFileHandle[] _files = new SafeFileHandle[Contents];
    private readonly byte[][] _digits = new byte[Contents][];

    public SourceFiles(int fileBytes)
    {
        FileBytes = fileBytes;
        _folder = Directory.Exists(InMemory)
            ? Directory.CreateDirectory(Path.Combine(InMemory, $"as-bench-{Environment.ProcessId}-{fileBytes}"))
            : Directory.CreateTempSubdirectory("as-bench-sources-");
        var content = new byte[fileBytes];
        for (var i = 0; i < Contents; i++)
        {
            RandomNumberGenerator.Fill(content);
            _digits[i] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(content)));
            var path = PathOf(i);
            System.IO.File.WriteAllBytes(path, content);
            _files[i] = System.IO.File.OpenHandle(path);
        }
    }

    public int FileBytes { get; }

    /// <summary>The 32 hex digits of file number <paramref name="number"/>.</summary>
    public byte[] Digits(int number) => _digits[number % Contents];

    /// <summary>Where the content of file number <paramref name="number"/> lies.</summary>
    public string PathOf(int number) => Path.Combine(_folder.FullName, $"{number % Contents}");

    public SafeFileHandle File(int number) => _files[number % Contents];

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
        _folder.Delete(recursive: true);
    }
}

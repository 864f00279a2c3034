using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Looks at many files of one folder, on Linux without going the whole way to it for each.</summary>
internal sealed partial class OpenFolder : IDisposable
{
    private const int Locate = 0x200000, CloseOnExec = 0x80000; // O_PATH, O_CLOEXEC: open(2)

    private readonly string _path;
    private readonly SafeFileHandle? _folder;

    public OpenFolder(string path)
    {
        _path = path;
        if (OperatingSystem.IsLinux()) _folder = new SafeFileHandle(Open(path, Locate | CloseOnExec), ownsHandle: true);
    }

    /// <inheritdoc cref="FileStamp.Look(string)"/>
    /// <param name="name">In the folder.</param>
    public FileStamp? Look(string name) =>
        _folder is { IsInvalid: false } folder ? FileStamp.LookIn(folder, name) : FileStamp.Look(Path.Combine(_path, name));

    public void Dispose() => _folder?.Dispose();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}

using Microsoft.Win32.SafeHandles;

namespace ActorSock.Listening;

/// <summary>Keeps a few descriptors back, to be let go when the process has run out of them.</summary>
/// <remarks>
/// Accepting takes whatever is free. Without a reserve the peers outside would take the last descriptor from the uploads
/// inside, which need some to commit, and from the runtime, which may have an assembly to load.
/// </remarks>
internal sealed class SpareDescriptors : IDisposable
{
    // A commit holds up to three (getting from folder to folder); the reference has four threads that commit.
    private const int Count = 16;

    private readonly SafeFileHandle?[] _kept = new SafeFileHandle?[Count];

    /// <summary>Takes the reserve, all of it or nothing. False when there is not so much.</summary>
    public bool TryTake()
    {
        if (OperatingSystem.IsWindows())
            return true; // handles do not run out there
        try
        {
            for (var i = 0; i < Count; i++)
                _kept[i] ??= File.OpenHandle("/dev/null");
            return true;
        }
        catch (IOException)
        {
            Release();
            return false;
        }
    }

    /// <summary>Leaves the reserve to others.</summary>
    public void Release()
    {
        for (var i = 0; i < Count; i++)
        {
            _kept[i]?.Dispose();
            _kept[i] = null;
        }
    }

    public void Dispose() => Release();
}

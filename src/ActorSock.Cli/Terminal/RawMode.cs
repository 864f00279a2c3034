using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ActorSock.Cli.Terminal;

/// <summary>Has the terminal give each key at once and unechoed, and gives it back as it was, whatever ends the
/// program.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class RawMode : IDisposable
{
    public const int StandardInput = 0;

    // Only the C library looks into it; it has 60 bytes on Linux, 72 on macOS (termios.h).
    private const int TermiosBytes = 256;
    private const int AfterOutput = 1; // TCSADRAIN: what was typed ahead is kept
    private const int TriesMax = 10; // after a signal: tcsetattr(3) may fail with EINTR

    private readonly Lock _turn = new();
    private byte[]? _before;
    private bool _isDisposed;

    public RawMode()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
    }

    /// <summary>Raw; no change where it is so already.</summary>
    public void Enter()
    {
        lock (_turn)
        {
            var now = new byte[TermiosBytes];
            if (_isDisposed || tcgetattr(StandardInput, now) != 0) return;
            var raw = now.ToArray();
            cfmakeraw(raw);
            if (raw.AsSpan().SequenceEqual(now)) return;
            _before = now;
            Set(raw);
        }
    }

    /// <summary>As it was before.</summary>
    public void Leave()
    {
        lock (_turn)
        {
            if (_before is not null) Set(_before);
            _before = null;
        }
    }

    public void Dispose()
    {
        Leave();
        lock (_turn) _isDisposed = true;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
    }

    private void OnExit(object? sender, EventArgs e) => Leave();

    private static void Set(byte[] termios)
    {
        for (var tries = 0; tries < TriesMax && tcsetattr(StandardInput, AfterOutput, termios) != 0; tries++) { }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcgetattr(int descriptor, [Out] byte[] termios);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcsetattr(int descriptor, int when, byte[] termios);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void cfmakeraw([In, Out] byte[] termios);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Cli.Terminal;

/// <summary>The keys of a Unix terminal in raw mode.</summary>
/// <remarks>Not <see cref="Console.ReadKey()"/>: what it takes for a paste, for Ctrl-C and for unknown sequences
/// cannot be told apart, and reading it holds locks that writers wait for.</remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixKeyboard : IKeyboard
{
    private const int SigInt = 2;
    private const int ReadBytes = 4096;

    private static readonly int sigTstp = OperatingSystem.IsLinux() ? 20 : 18; // signal(7); BSD and macOS

    private readonly FileStream _input;
    private readonly KeyDecoder _decoder = new();
    private readonly byte[] _bytes = new byte[ReadBytes];
    private readonly RawMode _mode = new();
    private readonly PosixSignalRegistration[] _signals;

    public UnixKeyboard()
    {
        _input = new FileStream(new SafeFileHandle(RawMode.StandardInput, ownsHandle: false), FileAccess.Read, 0);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed?.Invoke()),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => ComeBack()),
        ];
        _mode.Enter();
    }

    public event Action? Changed;

    public bool Read(List<KeyPress> keys)
    {
        try
        {
            var count = _input.Read(_bytes, 0, _bytes.Length);
            _decoder.Decode(_bytes.AsSpan(0, count), keys);
            return count > 0;
        }
        catch (IOException)
        {
            return false; // EIO: the terminal hung up, or is another job's for good (termios(3))
        }
    }

    // The whole group, as the terminal itself would do it.
    public void Interrupt() => Call(kill(0, SigInt));

    public void Suspend()
    {
        _mode.Leave();
        Call(raise(sigTstp)); // it is this thread's: here it stops. Without a shell that could continue it, it does not.
        ComeBack();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _mode.Dispose();
    }

    private void ComeBack()
    {
        _mode.Enter();
        Changed?.Invoke();
    }

    private static void Call(int result)
    {
        if (result != 0) throw new InvalidOperationException("cannot signal the process itself");
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int raise(int signal);
}

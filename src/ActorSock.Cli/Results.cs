using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorSock.Cli;

/// <summary>Writes lines of results to standard output as UTF-8, and knows when nobody reads them any more.</summary>
/// <remarks>
/// .NET's own stream takes a closed pipe for an open one that accepts everything, so that
/// <c>actorsock journal follow | head -1</c> would never end. Unix is asked; elsewhere output is never closed.
/// </remarks>
internal sealed class Results : IDisposable
{
    private const int FlushBytes = 64 << 10;
    private const int StandardOutput = 1;
    private const short POLLERR = 8, POLLHUP = 0x10, POLLNVAL = 0x20; // poll.h, on Linux and macOS

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> _lines = new(2 * FlushBytes);

    /// <summary>Whether a person looks at them.</summary>
    public static bool AreOnTerminal => !Console.IsOutputRedirected;

    /// <summary>Whether what is written now would reach nobody.</summary>
    public bool IsClosed { get; private set; }

    public void WriteLine(string line)
    {
        Encoding.UTF8.GetBytes(line, _lines);
        EndLine();
    }

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        _lines.Write(line);
        EndLine();
    }

    /// <summary>Hands everything on, and looks whether somebody reads it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Flush()
    {
        try
        {
            if (!IsClosed && _lines.WrittenCount > 0)
                _output.Write(_lines.WrittenSpan);
        }
        catch (IOException cannot)
        {
            throw Unwritten(cannot);
        }
        _lines.ResetWrittenCount();
        IsClosed |= IsPipeBroken();
    }

    public void Dispose() => _output.Dispose();

    private void EndLine()
    {
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= FlushBytes)
            Flush();
    }

    /// <summary>Writes one line at once, for commands whose results come one by one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteLine(TextWriter output, string line)
    {
        try
        {
            output.WriteLine(line);
            output.Flush();
        }
        catch (IOException cannot)
        {
            throw Unwritten(cannot);
        }
    }

    /// <summary>Whether the reader of the standard output has gone.</summary>
    public static bool IsPipeBroken()
    {
        if (OperatingSystem.IsWindows())
            return false;
        var asked = new Poll { Descriptor = StandardOutput };
        return poll(ref asked, 1, 0) > 0 && (asked.Happened & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    }

    private static IOException Unwritten(IOException cannot) => new($"cannot write the results: {cannot.Message}", cannot);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll(ref Poll asked, nuint count, int milliseconds);
}

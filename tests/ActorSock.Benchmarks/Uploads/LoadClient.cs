using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Sends files with blocking sockets, a thread for each client, bodies by sendfile: digest after the body.</summary>
internal static class LoadClient
{
    private const int StackBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="Wall">from the start of all clients to the last verdict</param>
    /// <param name="Files">each file, from its header to its verdict</param>
    public sealed record Result(TimeSpan Wall, TimeSpan[] Files);

    /// <summary>Connecting is on the clock, starting threads is not.</summary>
    /// <exception cref="InvalidOperationException">a client failed, or a verdict was not 203</exception>
    public static Result Run(int port, int clients, int files, SourceFiles sources)
    {
        var took = new TimeSpan[clients * files];
        var wall = InThreads(clients, client => Send(port, client, took.AsSpan(client * files, files), sources));
        return new Result(wall, took);
    }

    /// <summary>Runs so many threads, all set off at once, until the last is done.</summary>
    /// <exception cref="InvalidOperationException">one of them failed</exception>
    public static TimeSpan InThreads(int count, Action<int> work)
    {
        Exception? failure = null;
        using var start = new Barrier(count + 1);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, StackBytes)).ToList();
        threads.ForEach(t => t.Start());
        start.SignalAndWait();
        var begun = Stopwatch.GetTimestamp();
        threads.ForEach(t => t.Join());
        var wall = Stopwatch.GetElapsedTime(begun);
        return failure is null ? wall : throw new InvalidOperationException($"a client failed: {failure.Message}", failure);
    }

    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static void Send(int port, int client, Span<TimeSpan> took, SourceFiles sources)
    {
        using var socket = Connect(port);
        for (var file = 0; file < took.Length; file++)
        {
            var number = client * took.Length + file;
            var begun = Stopwatch.GetTimestamp();
            LibC.SendHead(socket.SafeHandle, Head($"c{client}_f{file}", sources.FileBytes));
            LibC.SendFile(socket.SafeHandle, sources.File(number), sources.FileBytes);
            Expect(socket, "OK"u8);
            socket.Send(sources.Digits(number));
            Expect(socket, "203"u8);
            took[file] = Stopwatch.GetElapsedTime(begun);
        }
    }

    private static byte[] Head(string name, int size)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"action":"put","filename":"{{name}}","filesize":{{size}}}""");
        var head = new byte[4 + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(head, json.Length);
        json.CopyTo(head, 4);
        return head;
    }

    private static void Expect(Socket socket, ReadOnlySpan<byte> wanted)
    {
        Span<byte> reply = stackalloc byte[wanted.Length];
        for (var got = 0; got < reply.Length;)
        {
            var read = socket.Receive(reply[got..]);
            if (read == 0)
                throw new IOException("the server closed");
            got += read;
        }
        if (!reply.SequenceEqual(wanted))
            throw new IOException($"expected {Encoding.ASCII.GetString(wanted)}, got {Encoding.ASCII.GetString(reply)}");
    }
}

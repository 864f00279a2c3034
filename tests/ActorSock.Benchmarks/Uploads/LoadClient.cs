using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Sends files with blocking sockets, a thread for each client, as the tutorial's client does.</summary>
internal static class LoadClient
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Seconds from the first byte to the last verdict.</summary>
    /// <exception cref="InvalidOperationException">a verdict was not 203</exception>
    public static double Run(int port, int clients, int files, byte[] body)
    {
        var digits = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body)));
        Exception? failure = null;
        using var start = new Barrier(clients + 1);
        var threads = Enumerable.Range(0, clients).Select(client => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                Send(port, client, files, body, digits);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, StackBytes)).ToList();
        threads.ForEach(t => t.Start());
        start.SignalAndWait();
        var watch = Stopwatch.StartNew();
        threads.ForEach(t => t.Join());
        return failure is null ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"a client failed: {failure.Message}", failure);
    }

    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static void Send(int port, int client, int files, byte[] body, byte[] digits)
    {
        using var socket = Connect(port);
        var reply = new byte[3];
        for (var file = 0; file < files; file++)
        {
            var json = Encoding.UTF8.GetBytes($$"""{"action":"put","filename":"c{{client}}_f{{file}}","filesize":{{body.Length}}}""");
            var head = new byte[4 + json.Length];
            BinaryPrimitives.WriteInt32LittleEndian(head, json.Length);
            json.CopyTo(head, 4);
            socket.Send(head);
            for (var sent = 0; sent < body.Length;)
                sent += socket.Send(body, sent, body.Length - sent, SocketFlags.None);
            Expect(socket, reply.AsSpan(0, 2), "OK"u8);
            socket.Send(digits);
            Expect(socket, reply, "203"u8);
        }
    }

    private static void Expect(Socket socket, Span<byte> reply, ReadOnlySpan<byte> wanted)
    {
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

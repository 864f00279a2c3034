using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>What we are measured against: a plain loop on a thread for each client, as one writes it in an hour.</summary>
/// <remarks>
/// 128 KiB buffer, buffered writes, MD5 by OpenSSL, fsync of each file before the verdict. It trusts its clients, and writes
/// under the final name, so that a crash leaves half a file there; one that <paramref name="renames"/> writes under another
/// name, and renames and syncs the folder when the digest was the promised one.
/// </remarks>
internal sealed class Yardstick(string folder, bool renames)
{
    private const int BufferBytes = 128 * 1024;

    /// <param name="port">0 for one that the system chooses</param>
    /// <param name="more">what else the line says that tells of it</param>
    public int Serve(int port, string more = "")
    {
        Directory.CreateDirectory(folder);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1024);
        Console.WriteLine($"ready transfer=tcp://{listener.LocalEndPoint}{more}");
        while (true)
        {
            var peer = listener.Accept();
            new Thread(() => Converse(peer)) { IsBackground = true }.Start();
        }
    }

    private void Converse(Socket peer)
    {
        using var socket = peer;
        socket.NoDelay = true;
        var buffer = new byte[BufferBytes];
        try
        {
            while (TryReceive(socket, buffer.AsSpan(0, 4)))
            {
                var header = buffer.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(buffer));
                TryReceive(socket, header);
                using var json = JsonDocument.Parse(header.ToArray());
                var name = json.RootElement.GetProperty("filename").GetString()!;
                Take(socket, buffer, name, json.RootElement.GetProperty("filesize").GetInt64());
            }
        }
        catch (SocketException)
        {
            // The client is gone, and with it the work.
        }
    }

    private void Take(Socket socket, byte[] buffer, string name, long size)
    {
        var path = Path.Combine(folder, name);
        var written = renames ? Path.Combine(folder, $".{name}.part") : path;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using (var file = new FileStream(written, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (var left = size; left > 0;)
            {
                var got = socket.Receive(buffer, 0, (int)Math.Min(buffer.Length, left), SocketFlags.None);
                if (got == 0)
                    return;
                file.Write(buffer, 0, got);
                md5.AppendData(buffer, 0, got);
                left -= got;
            }
            file.Flush(flushToDisk: true);
        }
        socket.Send("OK"u8);
        var digits = new byte[32];
        if (!TryReceive(socket, digits))
            return;
        var same = Encoding.ASCII.GetString(digits) == Convert.ToHexStringLower(md5.GetHashAndReset());
        if (same && renames)
        {
            File.Move(written, path, overwrite: true);
            LibC.SyncFolder(folder);
        }
        socket.Send(same ? "203"u8 : "204"u8);
    }

    private static bool TryReceive(Socket socket, Span<byte> all)
    {
        while (all.Length > 0)
        {
            var got = socket.Receive(all);
            if (got == 0)
                return false;
            all = all[got..];
        }
        return true;
    }
}

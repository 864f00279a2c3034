using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>What the machine itself can do, in MB/s, measured in the same rounds as the servers.</summary>
internal sealed class Limits(string folder, SourceFiles sources)
{
    private const int Connections = 8, Writers = 8, SinkBufferBytes = 256 * 1024, HashBlockBytes = 64 * 1024;
    private const long BytesOfConnection = 512L << 20, DiskBytes = 2L << 30, HashBytes = 512L << 20;

    /// <summary>One round's figures.</summary>
    public sealed record Round(double Loopback, double DiskOne, double DiskMany, double Md5)
    {
        /// <summary>The best that the disk did, whichever way.</summary>
        public double Disk => Math.Max(DiskOne, DiskMany);

        public override string ToString() =>
            $"loopback {Loopback:N0} MB/s, disk {DiskOne:N0} and {DiskMany:N0} MB/s, one lane of MD5 {Md5:N0} MB/s";
    }

    public List<Round> Rounds { get; } = [];

    /// <summary>Rows for a table: what, and its figures.</summary>
    public IEnumerable<(string What, List<double> Figures)> Rows =>
    [
        ("limit: loopback, 8 connections, sendfile to 256 KiB receives", [.. Rounds.Select(r => r.Loopback)]),
        ("limit: disk, direct, 1 thread, 4 MiB blocks, fdatasync", [.. Rounds.Select(r => r.DiskOne)]),
        ("limit: disk, direct, 8 threads, 1 MiB blocks, fdatasync", [.. Rounds.Select(r => r.DiskMany)]),
        ("limit: one lane of MD5 (OpenSSL), 64 KiB blocks", [.. Rounds.Select(r => r.Md5)]),
    ];

    public Round Measure()
    {
        var round = new Round(Loopback(), Disk(1, 4 << 20), Disk(Writers, 1 << 20), Md5());
        Rounds.Add(round);
        return round;
    }

    private double Loopback()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Connections);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var times = (int)(BytesOfConnection / sources.FileBytes);
        var wall = LoadClient.InThreads(2 * Connections, i =>
        {
            if (i < Connections)
                Discard(listener);
            else
                Pour(port, i, times);
        });
        return (double)Connections * times * sources.FileBytes / 1e6 / wall.TotalSeconds;
    }

    private static void Discard(Socket listener)
    {
        using var peer = listener.Accept();
        var buffer = new byte[SinkBufferBytes];
        while (peer.Receive(buffer) > 0)
        {
        }
    }

    private void Pour(int port, int content, int times)
    {
        using var socket = LoadClient.Connect(port);
        for (var i = 0; i < times; i++)
            LibC.SendFile(socket.SafeHandle, sources.File(content), sources.FileBytes);
    }

    private double Disk(int writers, int blockBytes)
    {
        var paths = Enumerable.Range(0, writers).Select(i => Path.Combine(folder, $"disk-{i}")).ToList();
        var wall = LoadClient.InThreads(writers, i => Write(paths[i], DiskBytes / writers, blockBytes));
        paths.ForEach(File.Delete);
        LibC.SyncAll();
        return DiskBytes / 1e6 / wall.TotalSeconds;
    }

    private static unsafe void Write(string path, long bytes, int blockBytes)
    {
        var block = NativeMemory.AlignedAlloc((nuint)blockBytes, 4096);
        try
        {
            NativeMemory.Fill(block, (nuint)blockBytes, 0x5a);
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            LibC.MakeDirect(file);
            for (long at = 0; at < bytes; at += blockBytes)
                RandomAccess.Write(file, new ReadOnlySpan<byte>(block, blockBytes), at);
            LibC.SyncContent(file);
        }
        finally
        {
            NativeMemory.AlignedFree(block);
        }
    }

    private static double Md5()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var block = RandomNumberGenerator.GetBytes(HashBlockBytes);
        var begun = Stopwatch.GetTimestamp();
        for (long done = 0; done < HashBytes; done += HashBlockBytes)
            hash.AppendData(block);
        hash.GetHashAndReset();
        return HashBytes / 1e6 / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorSock.Wire;

namespace ActorSock.Client.Tests;

/// <summary>What goes well, against a server that keeps to WIRE.md.</summary>
public sealed class UploadTests
{
    public static TheoryData<Dialect, int> DialectsAndSizes
    {
        get
        {
            var data = new TheoryData<Dialect, int>();
            foreach (var dialect in Enum.GetValues<Dialect>())
                foreach (var size in new[] { 0, 1, 262_144, 3_000_001 })
                    data.Add(dialect, size);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(DialectsAndSizes))]
    public async Task A_file_arrives_whole_in_every_dialect(Dialect dialect, int size)
    {
        var (body, digest) = NewBody(size);
        var paper = TestServer.NewPaper();
        await using (var server = TestServer.Start(paper))
        {
            await using var connection = await UploadConnection.ConnectAsync(server.Address);

            var outcome = await connection.PutAsync(dialect, "资料/a.txt", body, size);

            outcome.ShouldBe(dialect is Dialect.DigestAfter or Dialect.DigestInHeader
                ? new UploadOutcome.Stored(digest)
                : new UploadOutcome.Sent(digest));
            connection.IsOpen.ShouldBeTrue();
            (await connection.FinishAsync()).ShouldBeNull();
            connection.IsOpen.ShouldBeFalse();
        }
        paper.Facts.ShouldBe([$"stored 资料/a.txt, {size} bytes, {digest}, by {dialect}"]);
    }

    [Fact]
    public async Task Several_files_go_over_one_connection_each_in_its_dialect()
    {
        Dialect[] dialects =
        [
            Dialect.DigestAfter, Dialect.BareAcknowledged, Dialect.DigestInHeader, Dialect.Bare,
            Dialect.DigestAfter,
        ];
        var paper = TestServer.NewPaper();
        await using (var server = TestServer.Start(paper))
        {
            await using var connection = await UploadConnection.ConnectAsync(server.Address);
            foreach (var dialect in dialects)
                await connection.PutAsync(dialect, $"{dialect}", NewBody(10_000).Body, 10_000);
            (await connection.FinishAsync()).ShouldBeNull();
        }

        paper.Facts.Select(fact => fact.Split(", by ")[1]).ShouldBe(dialects.Select(dialect => $"{dialect}"));
        paper.Facts.ShouldAllBe(fact => fact.StartsWith("stored"));
    }

    [Fact]
    public async Task A_server_is_reached_over_IPv6()
    {
        if (!Socket.OSSupportsIPv6) return;

        await ShouldStoreAsync(new IPEndPoint(IPAddress.IPv6Loopback, 0));
    }

    [Fact]
    public async Task A_server_is_reached_over_a_Unix_socket()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        try
        {
            await ShouldStoreAsync(new UnixDomainSocketEndPoint(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_server_is_reached_by_its_name()
    {
        await using var server = TestServer.Start(TestServer.NewPaper());
        var byName = server.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        await using var connection = await UploadConnection.ConnectAsync(byName);

        (await connection.PutAsync(Dialect.DigestAfter, "a", NewBody(5).Body, 5))
            .ShouldBeOfType<UploadOutcome.Stored>();
    }

    [Fact]
    public async Task Progress_is_told_in_order_and_ends_with_the_last_byte()
    {
        var heard = new Heard();
        await using var server = TestServer.Start(TestServer.NewPaper());
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        await connection.PutAsync(Dialect.DigestAfter, "a", NewBody(3_000_000).Body, 3_000_000, heard);

        heard.Values.ShouldBeInOrder();
        heard.Values.Count.ShouldBeGreaterThan(5);
        heard.Values[0].ShouldBe(0);
        heard.Values[^1].ShouldBe(3_000_000);
    }

    [Fact]
    public async Task A_body_is_sent_from_where_its_stream_stands_and_no_further_than_was_said()
    {
        var paper = TestServer.NewPaper();
        var digest = Md5Digest.FromBytes(MD5.HashData("cde"u8));
        await using (var server = TestServer.Start(paper))
        {
            await using var connection = await UploadConnection.ConnectAsync(server.Address);
            foreach (var dialect in new[] { Dialect.DigestAfter, Dialect.DigestInHeader })
            {
                using var body = new MemoryStream("abcdefgh"u8.ToArray()) { Position = 2 };

                (await connection.PutAsync(dialect, "a", body, 3)).ShouldBe(new UploadOutcome.Stored(digest));
            }
        }

        paper.Facts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Replies_that_come_in_pieces_are_put_together()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.ReceivePrefixedHeaderAsync(peer);
            await TestServer.ReceiveAsync(peer, 5);
            foreach (var piece in new[] { "O", "K" }) await TestServer.SayAsync(peer, piece);
            await TestServer.ReceiveAsync(peer, 32);
            foreach (var piece in new[] { "2", "0", "3" }) await TestServer.SayAsync(peer, piece);
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        (await connection.PutAsync(Dialect.DigestAfter, "a", NewBody(5).Body, 5))
            .ShouldBeOfType<UploadOutcome.Stored>();
    }

    private static async Task ShouldStoreAsync(EndPoint endpoint)
    {
        await using var server = TestServer.Start(TestServer.NewPaper(), endpoint);
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        (await connection.PutAsync(Dialect.DigestAfter, "a", NewBody(5).Body, 5))
            .ShouldBeOfType<UploadOutcome.Stored>();
    }

    private static (MemoryStream Body, Md5Digest Digest) NewBody(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return (new MemoryStream(bytes), Md5Digest.FromBytes(MD5.HashData(bytes)));
    }
}

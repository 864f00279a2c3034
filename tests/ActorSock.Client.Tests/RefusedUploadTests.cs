using System.Net.Sockets;
using ActorSock.Wire;

namespace ActorSock.Client.Tests;

/// <summary>What a server objects to, and how it may end.</summary>
public sealed class RefusedUploadTests
{
    private const long Terabyte = 1L << 40;

    [Fact]
    public async Task A_digest_that_differs_is_told_and_the_next_file_goes_through()
    {
        await using var server = TestServer.Start(async peer =>
        {
            foreach (var verdict in new[] { "204", "203" })
            {
                await TestServer.HearHelloAsync(peer, verdict);
            }
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        (await PutHelloAsync(connection)).ShouldBeOfType<UploadOutcome.Differs>();
        (await PutHelloAsync(connection)).ShouldBeOfType<UploadOutcome.Stored>();
    }

    [Theory]
    [InlineData(Dialect.DigestAfter)]
    [InlineData(Dialect.DigestInHeader)]
    [InlineData(Dialect.BareAcknowledged)]
    public async Task A_code_in_place_of_the_reply_refuses_one_file_and_the_next_goes_through(Dialect dialect)
    {
        var paper = TestServer.NewPaper(header => header.FileName == "bad"
            ? new Refusal(Rejection.NameTaken, "a folder bears it")
            : null);
        await using (var server = TestServer.Start(paper))
        {
            await using var connection = await UploadConnection.ConnectAsync(server.Address);

            (await PutHelloAsync(connection, dialect, "bad"))
                .ShouldBe(new UploadOutcome.Refused(409, "the name is taken"));
            connection.IsOpen.ShouldBeTrue();
            (await PutHelloAsync(connection, dialect, "good")).ShouldNotBeOfType<UploadOutcome.Refused>();
        }

        paper.Facts.Count.ShouldBe(2);
        paper.Facts[1].ShouldStartWith("stored good, 5 bytes");
    }

    [Fact]
    public async Task A_code_that_several_rejections_share_is_explained_by_all_of_them()
    {
        var paper = TestServer.NewPaper(_ => new Refusal(Rejection.DiskFull, ""));
        await using var server = TestServer.Start(paper);
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        (await PutHelloAsync(connection))
            .ShouldBe(new UploadOutcome.Refused(507, "the disk is full, or the storage is read-only"));
    }

    [Theory]
    [InlineData(Dialect.DigestAfter)]
    [InlineData(Dialect.BareAcknowledged)]
    [InlineData(Dialect.Bare)]
    public async Task A_refusal_in_the_middle_of_a_body_ends_the_sending(Dialect dialect)
    {
        var hasBegun = new TaskCompletionSource();
        await using var server = TestServer.Start(async peer =>
        {
            if (dialect == Dialect.BareAcknowledged)
            {
                await TestServer.ReceiveAsync(peer, 20);
                await TestServer.SayAsync(peer, "200");
            }
            await hasBegun.Task;
            await TestServer.SayAsync(peer, "507 the disk is full: 12 bytes are left\n");
            await TestServer.EndAsync(peer);
        });
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            using var body = new ZerosThat(read => { if (read > 1_000_000) hasBegun.TrySetResult(); });

            var outcome = await connection.PutAsync(dialect, "big", body, Terabyte);

            outcome.ShouldBe(new UploadOutcome.Refused(507, "the disk is full: 12 bytes are left"));
            connection.IsOpen.ShouldBeFalse();
            body.Position.ShouldBeLessThan(Terabyte);
        }
    }

    [Fact]
    public async Task A_refusal_is_heard_from_a_server_that_no_longer_reads()
    {
        var isTold = new TaskCompletionSource();
        await using (var server = TestServer.Start(async peer =>
        {
            await TestServer.ReceivePrefixedHeaderAsync(peer);
            await TestServer.SayAsync(peer, "413 the file is too large: 5 bytes are taken\n");
            await isTold.Task;
        }))
        {
            await using var connection = await UploadConnection.ConnectAsync(server.Address);
            using var body = new ZerosThat(_ => { });

            var outcome = await connection.PutAsync(Dialect.DigestAfter, "big", body, Terabyte);

            outcome.ShouldBe(new UploadOutcome.Refused(413, "the file is too large: 5 bytes are taken"));
            isTold.SetResult();
        }
    }

    [Fact]
    public async Task A_refusal_is_heard_although_a_reset_follows_it()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.ReceivePrefixedHeaderAsync(peer);
            await TestServer.SayAsync(peer, "507 the disk is full\n");
            peer.LingerState = new LingerOption(true, 0);  // closing now resets the connection
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);
        using var body = new ZerosThat(_ => { });

        var outcome = await connection.PutAsync(Dialect.DigestAfter, "big", body, Terabyte);

        outcome.ShouldBe(new UploadOutcome.Refused(507, "the disk is full"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_goes_without_a_word_is_no_answer(bool resets)
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.ReceivePrefixedHeaderAsync(peer);
            if (resets) peer.LingerState = new LingerOption(true, 0);
            else peer.Shutdown(SocketShutdown.Both);
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);
        using var body = new ZerosThat(_ => { });

        var outcome = await connection.PutAsync(Dialect.DigestAfter, "big", body, Terabyte);

        outcome.ShouldBeOfType<UploadOutcome.Closed>().Why.ShouldContain("connection");
        connection.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task A_closing_line_instead_of_the_verdict_is_a_refusal()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.HearHelloAsync(peer, "500 the server failed at this request\n");
            await TestServer.EndAsync(peer);
        });
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            (await PutHelloAsync(connection))
                .ShouldBe(new UploadOutcome.Refused(500, "the server failed at this request"));
            connection.IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_closing_line_that_is_torn_behind_its_digits_is_understood_at_the_next_file()
    {
        var isHeard = new TaskCompletionSource();
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.HearHelloAsync(peer, "507");
            await isHeard.Task;
            await TestServer.SayAsync(peer, " the disk is full: 3 bytes are left\n");
            await TestServer.EndAsync(peer);
        });
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            var first = await PutHelloAsync(connection);
            isHeard.SetResult();
            var second = await PutHelloAsync(connection);

            first.ShouldBe(new UploadOutcome.Refused(507, "the disk is full, or the storage is read-only"));
            second.ShouldBe(new UploadOutcome.Refused(507, "the disk is full: 3 bytes are left"));
            connection.IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_line_that_came_between_two_files_refuses_the_second()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.HearHelloAsync(peer, "203408 the connection was idle too long\n");
            await TestServer.EndAsync(peer);
        });
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            (await PutHelloAsync(connection)).ShouldBeOfType<UploadOutcome.Stored>();
            (await PutHelloAsync(connection))
                .ShouldBe(new UploadOutcome.Refused(408, "the connection was idle too long"));
        }
    }

    [Fact]
    public async Task A_refusal_that_comes_when_all_was_sent_is_heard_by_who_finishes()
    {
        await using var server = TestServer.Start(async peer =>
        {
            var buffer = new byte[4096];
            while (await peer.ReceiveAsync(buffer) > 0) { }
            await TestServer.SayAsync(peer, "507 the disk is full\n");
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        (await PutHelloAsync(connection, Dialect.Bare)).ShouldBeOfType<UploadOutcome.Sent>();
        (await connection.FinishAsync()).ShouldBe(new UploadOutcome.Refused(507, "the disk is full"));
    }

    [Fact]
    public async Task Another_sort_of_server_is_quoted_safely_and_in_part()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.SayAsync(peer, "SSH-2.0-\u001b[31m\r\n");
            await TestServer.EndAsync(peer);
        });
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            var outcome = await PutHelloAsync(connection);

            outcome.ShouldBe(new UploadOutcome.Closed(
                "the server said 'SSH-2.0-\\u{1B}[31m', which is no reply in this dialect"));
        }
    }

    [Fact]
    public async Task A_server_that_talks_without_end_is_not_listened_to()
    {
        await using var server = TestServer.Start(async peer =>
        {
            var babble = Enumerable.Repeat((byte)'x', 100_000).ToArray();
            try
            {
                while (true) await peer.SendAsync(babble);
            }
            catch (SocketException)
            {
                // The client had enough.
            }
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);

        var outcome = await PutHelloAsync(connection);

        outcome.ShouldBeOfType<UploadOutcome.Closed>().Why.Length.ShouldBeLessThan(1200);
    }

    private static Task<UploadOutcome> PutHelloAsync(
        UploadConnection connection, Dialect dialect = Dialect.DigestAfter, string name = "a") =>
        connection.PutAsync(dialect, name, new MemoryStream("hello"u8.ToArray()), 5);
}

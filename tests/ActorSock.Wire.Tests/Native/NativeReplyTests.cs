using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Wire.Tests.Native;

public sealed class NativeReplyTests
{
    [Fact]
    public void What_was_encoded_is_decoded() =>
        Properties.Hold(Natives.Replies, reply =>
        {
            var bytes = reply.Encode();

            var decoded = NativeReply.Decode([.. bytes, .. "what follows"u8]);

            decoded.Frame.ShouldBe(reply);
            decoded.Consumed.ShouldBe(bytes.Length);
        });

    [Fact]
    public void A_reply_that_is_cut_anywhere_is_waited_for() =>
        Properties.Hold(Natives.Replies, reply =>
        {
            var bytes = reply.Encode();

            for (var arrived = 0; arrived < bytes.Length; arrived++)
                NativeReply.Decode(bytes.AsSpan(0, arrived)).Outcome.ShouldBe(Outcome.NotYet);
        }, cases: 50);

    [Fact]
    public void The_answer_to_hello_says_what_is_allowed()
    {
        var hello = new NativeReply
        {
            Status = NativeReply.Done,
            Version = 1,
            Agent = "ActorSock 0.5.0",
            Node = "5f0c",
            Capabilities = ["chunked", "resume"],
            Limits = Natives.Allowed,
        };

        Text(hello).ShouldBe("""
            {"status":200,"version":1,"agent":"ActorSock 0.5.0","node":"5f0c","capabilities":["chunked","resume"],"limits":{"requests":64,
            """ + """
            "file":17592186044416,"name":1024,"chunk":1048576,"skip":16777216,"list":10000,"idle":300}}
            """);
        var decoded = NativeReply.Decode(hello.Encode()).Frame;
        decoded.Limits.ShouldBe(Natives.Allowed);
        decoded.Node.ShouldBe("5f0c");
        decoded.Capabilities.ShouldBe(["chunked", "resume"]);
        NativeReply.Decode(Headers.Prefixed("""{"status":505,"versions":[1,2],"client":null}""")).Frame.Versions.ShouldBe([1, 2]);
    }

    [Fact]
    public void A_stored_file_is_told_with_its_receipt() =>
        Text(new NativeReply
        {
            Id = 2,
            Status = NativeReply.Stored,
            Ack = AckLevel.Durable,
            Name = "a.txt",
            Size = 5,
            Md5 = Natives.Md5Hello,
            Receipt = new Receipt(1, "ab"),
        }).ShouldBe("""
            {"id":2,"status":201,"ack":"durable","name":"a.txt","size":5,"md5":"5d41402abc4b2a76b9719d911017c592",
            """ + """
            "receipt":{"sequence":1,"hash":"ab"}}
            """);

    [Fact]
    public void A_refusal_says_the_row_of_the_table_and_what_exactly()
    {
        var refusal = new Refusal(Rejection.NameRefused, "it leads out of the folder with ..");

        Text(NativeReply.Refused(7, refusal, closes: false)).ShouldBe(
            """{"id":7,"status":403,"error":"NameRefused","message":"the file name is refused: it leads out of the folder with .."}""");
        Text(NativeReply.Refused(null, new Refusal(Rejection.Draining, ""), closes: true)).ShouldBe(
            """{"status":503,"error":"Draining","message":"the server is stopping","closes":true}""");
        foreach (var rejection in Rejection.All)
            NativeReply.Refused(1, new Refusal(rejection, ""), closes: false).IsRefusal.ShouldBeTrue();
        foreach (var status in new[] { NativeReply.Done, NativeReply.Stored, NativeReply.Early, NativeReply.Partial })
            new NativeReply { Status = status }.IsRefusal.ShouldBeFalse();
    }

    [Theory]
    [InlineData("status", "\"200\"", "99", "1000", "200.0", "[]")]
    [InlineData("id", "-1", "\"1\"", "1.5", "[]", "true")]
    [InlineData("error", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("message", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("closes", "1", "\"true\"", "[]", "0", "{}")]
    [InlineData("ack", "1", "\"stored\"", "[]", "true", "\"\"")]
    [InlineData("name", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("size", "-1", "\"1\"", "1.5", "[]", "9223372036854775808")]
    [InlineData("modified", "1", "\"now\"", "\"2026-11-21T09:30:05\"", "\"2026-13-21T09:30:05Z\"", "\"\"")]
    [InlineData("md5", "1", "\"5d41\"", "[]", "true", "\"after\"")]
    [InlineData("sha256", "1", "\"5d41\"", "[]", "\"5d41402abc4b2a76b9719d911017c592\"", "\"after\"")]
    [InlineData("receipt", "1", "[]", "{\"sequence\":\"1\",\"hash\":\"a\"}", "{\"sequence\":1}", "{\"hash\":\"a\"}")]
    [InlineData("upload", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("offset", "-1", "\"1\"", "1.5", "[]", "9223372036854775808")]
    [InlineData("parts", "-1", "\"1\"", "1.5", "[]", "2147483648")]
    [InlineData("entries", "-1", "\"1\"", "1.5", "[]", "2147483648")]
    [InlineData("more", "1", "\"true\"", "[]", "0", "{}")]
    [InlineData("version", "-1", "\"1\"", "1.5", "[]", "2147483648")]
    [InlineData("versions", "1", "[\"1\"]", "[1.5]", "{}", "[null]")]
    [InlineData("agent", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("client", "1", "[]", "true", "{}", "\"\\ud800\"")]
    [InlineData("capabilities", "1", "[1]", "\"x\"", "{}", "[null]")]
    [InlineData("limits", "1", "[]", "{}", "{\"requests\":\"1\"}", "{\"requests\":1}")]
    [InlineData("body", "-1", "\"1\"", "1.5", "[]", "9223372036854775808")]
    public void A_field_that_holds_something_else_is_no_reply(string key, params string[] wrong)
    {
        foreach (var value in wrong)
        {
            var json = Encoding.UTF8.GetBytes($$"""{"status":200,"{{key}}":{{value}}}""");

            NativeReply.TryDecode(json, out _, out var why).ShouldBeFalse($"{key} {value}");
            why.ShouldStartWith("4");
            NativeReply.Decode(Headers.Prefixed(json)).Outcome.ShouldBe(Outcome.Refused);
        }
        NativeReply.TryDecode(Encoding.UTF8.GetBytes($$"""{"status":200,"{{key}}x":1,"x{{key}}":[{"a":1}]}"""), out var reply, out _)
            .ShouldBeTrue();
        reply.ShouldBe(new NativeReply { Status = 200 });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"status\":200")]
    [InlineData("{\"status\":null}")]
    public void What_says_no_status_is_no_reply(string json) =>
        NativeReply.TryDecode(Encoding.UTF8.GetBytes(json), out _, out _).ShouldBeFalse();

    [Fact]
    public void Lines_of_lists_come_back_as_they_were() =>
        Properties.Hold(Natives.ListEntries, entry =>
        {
            var line = new ArrayBufferWriter<byte>();
            entry.WriteLine(line);

            line.WrittenSpan[..^1].Contains((byte)'\n').ShouldBeFalse();
            line.WrittenSpan[^1].ShouldBe((byte)'\n');
            ListEntry.TryReadLine(line.WrittenSpan[..^1], out var read, out _).ShouldBeTrue();
            read.ShouldBe(entry);
        });

    [Fact]
    public void Lines_of_folders_come_back_as_they_were() =>
        Properties.Hold(Natives.FolderEntries, folder =>
        {
            var line = new ArrayBufferWriter<byte>();
            folder.WriteLine(line);

            FolderEntry.TryReadLine(line.WrittenSpan[..^1], out var read, out _).ShouldBeTrue();
            read.ShouldBe(folder);
        });

    [Fact]
    public void The_digest_of_a_folder_is_the_sum_of_those_of_its_files_in_any_order()
    {
        (string Name, byte[] Content)[] files = [("a.txt", "hello"u8.ToArray()), ("b", []), ("报告", new byte[300]), (new string('n', 700), [1])];
        var (due, digest, reverse) = (BigInteger.Zero, new FolderDigest(), new FolderDigest());
        foreach (var (name, content) in files)
        {
            byte[] size = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(size, content.Length);
            var one = SHA256.HashData([.. MD5.HashData(content), .. size, .. Encoding.UTF8.GetBytes(name)]);
            due += new BigInteger(one, isUnsigned: true, isBigEndian: true);
            digest.Add(name, content.Length, Md5Digest.FromBytes(MD5.HashData(content)));
        }
        foreach (var (name, content) in files.Reverse())
            reverse.Add(Encoding.UTF8.GetBytes(name), content.Length, Md5Digest.FromBytes(MD5.HashData(content)));

        $"{digest.Current}".ShouldBe($"{due % BigInteger.Pow(2, 256):x64}"[^64..]);
        reverse.Current.ShouldBe(digest.Current);
        $"{new FolderDigest().Current}".ShouldBe(new string('0', 64));
    }

    [Fact]
    public void Lines_of_parts_come_back_as_they_were() =>
        Properties.Hold(Natives.PartEntries, part =>
        {
            var line = new ArrayBufferWriter<byte>();
            part.WriteLine(line);

            PartEntry.TryReadLine(line.WrittenSpan[..^1], out var read, out _).ShouldBeTrue();
            read.ShouldBe(part);
        });

    [Fact]
    public void A_file_without_a_known_digest_says_so_and_a_folder_says_only_its_name()
    {
        var lines = new ArrayBufferWriter<byte>();
        ListEntry.File("a", 5, new DateTimeOffset(2026, 11, 21, 10, 30, 5, 120, TimeSpan.FromHours(1)), null).WriteLine(lines);
        ListEntry.Folder("b/").WriteLine(lines);

        Encoding.UTF8.GetString(lines.WrittenSpan).ShouldBe(
            "{\"name\":\"a\",\"size\":5,\"modified\":\"2026-11-21T09:30:05.1200000Z\",\"md5\":null}\n{\"folder\":\"b/\"}\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"name\":\"a\"}")]
    [InlineData("{\"name\":\"a\",\"size\":1}")]
    [InlineData("{\"name\":\"a\",\"size\":-1,\"modified\":\"2026-11-21T09:30:05Z\"}")]
    [InlineData("{\"name\":\"a\",\"size\":1,\"modified\":\"2026-11-21T09:30:05Z\",\"md5\":\"\"}")]
    [InlineData("{\"folder\":1}")]
    [InlineData("{\"offset\":1,\"size\":1}")]
    [InlineData("{\"offset\":1,\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}")]
    public void A_line_that_lacks_something_is_none(string line)
    {
        ListEntry.TryReadLine(Encoding.UTF8.GetBytes(line), out _, out var why).ShouldBeFalse();
        why.ShouldNotBeEmpty();
        PartEntry.TryReadLine(Encoding.UTF8.GetBytes(line), out _, out why).ShouldBeFalse();
        why.ShouldNotBeEmpty();
    }

    private static string Text(NativeReply reply) => Encoding.UTF8.GetString(reply.Encode().AsSpan(4));
}

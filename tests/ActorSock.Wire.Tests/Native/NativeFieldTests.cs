using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Wire.Tests.Native;

/// <summary>Each field of each request, wrong in turn.</summary>
public sealed class NativeFieldTests
{
    private static readonly string[] NoWhole = ["-1", "1.0", "1e3", "\"1\"", "true", "[]", "{}", "9223372036854775808", "99999999999999999999"];
    private static readonly string[] NoText = ["1", "true", "[]", "{}", "[\"a\"]"];
    private static readonly string[] NoWord = ["1", "\"\"", "\"Replace\"", "\"DURABLE\"", "\"none\"", "[]"];
    private static readonly string[] NoFlag = ["1", "0", "\"true\"", "\"\"", "[]"];
    private static readonly string[] NoUpload = ["1", "\"\"", "\"a b\"", "\"a/b\"", "\"ä\"", "\"\\u0000\"", $"\"{new string('a', 65)}\""];
    private static readonly string[] NoMd5 = ["1", "\"\"", "\"after \"", $"\"{Natives.Md5}0\"", $"\"{Natives.Md5[1..]}g\"", $"\"{Natives.Sha256}\"", "[]"];
    private static readonly string[] HalfACharacter = ["\"\\ud800\"", "\"a\\udc80b\""];

    private static readonly Field Id = new("id", "7", [.. NoWhole, "9007199254740992"], Rejection.IdRefused, Rejection.IdRefused);
    private static readonly Field NoBody = new("body", "0", ["-1", "1.0", "\"1\"", "\"Chunked\"", "[]", "true", "9223372036854775808"], Rejection.BodyLength);
    private static readonly Field Body = NoBody with { Right = "4096" };
    private static readonly Field Name = new("name", "\"a.txt\"", NoText, Rejection.FieldType, Rejection.FieldMissing);
    private static readonly Field NameHalved = Name with { Wrong = HalfACharacter, With = Rejection.NameRefused };
    private static readonly Field Size = new("size", "8192", ["1.0", "1e3", "\"1\"", "true", "[]"], Rejection.FieldType);
    private static readonly Field SizeBelow = Size with { Wrong = ["-1", "-9223372036854775809"], With = Rejection.SizeNegative };
    private static readonly Field SizeBeyond = Size with { Wrong = ["9223372036854775808"], With = Rejection.SizeTooLarge };
    private static readonly Field Md5 = new("md5", $"\"{Natives.Md5}\"", NoMd5, Rejection.FieldType);
    private static readonly Field Md5Named = Md5 with { Wrong = [.. NoMd5, "\"after\""] };
    private static readonly Field Exists = new("exists", "\"keep-both\"", NoWord, Rejection.FieldType);
    private static readonly Field Ack = new("ack", "\"verified\"", NoWord, Rejection.FieldType);
    private static readonly Field Upload = new("upload", "\"A9-_.z\"", NoUpload, Rejection.FieldType, Rejection.FieldMissing);
    private static readonly Field Offset = new("offset", "4096", NoWhole, Rejection.FieldType);
    private static readonly Field Part = new("part", "true", NoFlag, Rejection.FieldType);

    private static readonly Field Prefix = new("prefix", "\"a/\"", NoText, Rejection.FieldType);
    private static readonly Field PrefixHalved = new("prefix", "\"a/\"", HalfACharacter, Rejection.NameRefused);
    private static readonly Field After = new("after", "\"a/b\"", NoText, Rejection.FieldType);
    private static readonly Field AfterHalved = new("after", "\"a/b\"", HalfACharacter, Rejection.NameRefused);
    private static readonly Field Limit = new("limit", "10", [.. NoWhole, "0"], Rejection.FieldType);

    private static readonly Request[] Requests =
    [
        new("put", Id, Body, Name, NameHalved, Size, SizeBelow, SizeBeyond, Md5, Exists, Ack, Upload, Offset, Part with { Right = "false" }),
        new("put", Id, Body, Name, Size with { WithoutIt = Rejection.FieldMissing }, Md5, Upload, Offset, Part),
        new("resume", Id, NoBody, Name, NameHalved, Upload, Size, SizeBelow, SizeBeyond, Exists,
            new("digest", "\"sha256\"", NoWord, Rejection.FieldType)),
        new("join", Id, NoBody, Name, NameHalved, Upload, Md5Named, Exists, Ack),
        new("get", Id, NoBody, Name, NameHalved, Offset, new("length", "5", NoWhole, Rejection.FieldType), Md5Named),
        new("stat", Id, NoBody, Name, NameHalved),
        new("list", Id, NoBody, Prefix, PrefixHalved, After, AfterHalved, Limit, new("recursive", "false", NoFlag, Rejection.FieldType)),
        new("folders", Id, NoBody, Prefix, PrefixHalved, After, AfterHalved, Limit),
        new("delete", Id, NoBody, Name, NameHalved, Md5Named),
        new("rename", Id, NoBody, Name, NameHalved, Exists, Md5Named,
            new("to", "\"b\"", NoText, Rejection.FieldType, Rejection.FieldMissing),
            new("to", "\"b\"", HalfACharacter, Rejection.NameRefused, Rejection.FieldMissing)),
        new("ping", Id, NoBody),
        new("bye", Id, NoBody),
        new("hello", NoBody,
            new("versions", "[1,2]", ["1", "\"1\"", "[]", "{}", "[\"1\"]", "[1.5]", "[-1]", "[null]", "[2147483648]", "[[1]]", "[1,{}]"],
                Rejection.FieldType, Rejection.FieldMissing),
            new("agent", "\"me\"", NoText, Rejection.FieldType), new("agent", "\"me\"", HalfACharacter, Rejection.NameRefused),
            new("capabilities", "[\"x\"]", ["1", "\"x\"", "{}", "[1]", "[null]", "[[\"x\"]]", "[\"\\ud800\"]"], Rejection.FieldType)),
    ];

    public static TheoryData<int, int> Each
    {
        get
        {
            var each = new TheoryData<int, int>();
            for (var request = 0; request < Requests.Length; request++)
                for (var at = 0; at < Requests[request].Fields.Length; at++)
                    each.Add(request, at);
            return each;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_field_that_holds_something_else_is_refused(int request, int field)
    {
        var (whole, one) = (Requests[request], Requests[request].Fields[field]);
        foreach (var wrong in one.Wrong)
        {
            var refused = ShouldRefuse(whole.Json(one.Key, wrong), one.With);

            refused.Refusal.Detail.ShouldStartWith($"{one.Key} is ");
            refused.Id.ShouldBe(whole.Action == "hello" || one.Key == "id" ? null : 7);
            refused.Body.ShouldBe(one.Key == "body" ? FrameBody.None : FrameBody.Of(whole.BodyBytes));
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_field_that_is_null_is_not_there(int request, int field)
    {
        var (whole, one) = (Requests[request], Requests[request].Fields[field]);
        // Without these the other fields of a put would not go together.
        if (whole.Action == "put" && one.Key is "body" or "offset") return;

        foreach (var json in new[] { whole.Json(one.Key, "null"), whole.Json(one.Key, null) })
            if (one.WithoutIt is not null) ShouldRefuse(json, one.WithoutIt);
            else Natives.Decode(json).ShouldNotBeOfType<NativeRequest.Refused>();
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Of_a_field_that_comes_twice_the_later_counts(int request, int field)
    {
        var (whole, one) = (Requests[request], Requests[request].Fields[field]);
        var right = whole.Json(one.Key, one.Right);
        foreach (var wrong in one.Wrong)
        {
            Same(Natives.Decode(right.Insert(1, $"\"{one.Key}\":{wrong},")), Natives.Decode(right));
            ShouldRefuse(right.Insert(right.Length - 1, $",\"{one.Key}\":{wrong}"), one.With);
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_key_may_be_escaped_and_must_be_in_lower_case(int request, int field)
    {
        var (whole, one) = (Requests[request], Requests[request].Fields[field]);
        var escaped = string.Concat(one.Key.Select(letter => $"\\u{(int)letter:x4}"));

        Same(Natives.Decode(whole.Json(one.Key, null, (escaped, one.Right))), Natives.Decode(whole.Json(one.Key, one.Right)));
        Describe(whole.Json(one.Key, null, (one.Key.ToUpperInvariant(), one.Wrong[0])))
            .ShouldBe(Describe(whole.Json(one.Key, null)));
    }

    [Theory]
    [InlineData("null", 422)]
    [InlineData("1", 422)]
    [InlineData("[]", 422)]
    [InlineData("\"\"", 405)]
    [InlineData("\"Put\"", 405)]
    [InlineData("\"\\ud800\"", 405)]
    [InlineData("\"move\"", 405)]
    public void An_action_that_is_none_is_refused_and_its_body_can_be_passed_over(string action, int code)
    {
        var refused = Natives.Decode($$"""{"id":3,"action":{{action}},"body":77,"md5":"after"}""")
            .ShouldBeOfType<NativeRequest.Refused>();

        refused.Refusal.Rejection.Code.ShouldBe(code);
        refused.Refusal.Rejection.Goes.ShouldBe(Aftermath.GoesOn);
        (refused.Id, refused.Body, refused.HasTrailer).ShouldBe((3, FrameBody.Of(77), true));
    }

    [Fact]
    public void A_header_without_an_action_is_refused() =>
        ShouldRefuse("""{"id":3}""", Rejection.FieldMissing).Refusal.Detail.ShouldBe("it has no action");

    [Theory]
    [InlineData("""{"action":"put","id":1,"body":5}""", false)]
    [InlineData("""{"action":"put","id":1,"body":5,"md5":"after"}""", true)]
    [InlineData("""{"action":"put","id":1,"body":5,"sha256":"\u0061fter"}""", true)]
    [InlineData("""{"action":"put","body":5,"sha256":"after"}""", true)]
    [InlineData("""{"action":"put","id":1,"body":5,"name":"a","md5":"after","sha256":"after"}""", true)]
    [InlineData("""{"action":"put","id":1,"body":5,"sha256":"after","sha256":null}""", false)]
    [InlineData("""{"id":1,"body":5,"md5":"after"}""", true)]
    [InlineData("""{"action":"ping","id":1,"body":5}""", false)]
    [InlineData("""{"action":"ping","id":1,"md5":"after"}""", true)]
    [InlineData("""{"action":"hello","versions":[1],"sha256":"after"}""", true)]
    [InlineData("""{"action":"get","id":1,"name":"a","md5":"after"}""", true)]
    [InlineData("""{"action":"resume","id":1,"name":"a","upload":"u","md5":"after"}""", true)]
    [InlineData("""{"action":"list","id":1,"after":"after","md5":1,"limit":0}""", false)]
    public void A_refused_request_says_whether_a_trailer_is_due_whatever_it_is_about(string json, bool isDue) =>
        Natives.Decode(json).ShouldBeOfType<NativeRequest.Refused>().HasTrailer.ShouldBe(isDue);

    [Theory]
    [InlineData("""{"body":5,"md5":"5d41402abc4b2a76b9719d911017c592","sha256":"after"}""", "FieldType", "both md5 and sha256")]
    [InlineData("""{"body":5,"size":6}""", "FieldType", "size is 6, but offset 0 and body 5 end at 5")]
    [InlineData("""{"body":5,"size":6,"offset":2,"upload":"u"}""", "FieldType", "end at 7")]
    [InlineData("""{"size":6}""", "FieldType", "size is 6")]
    [InlineData("""{"body":"chunked","size":6,"offset":7,"upload":"u"}""", "FieldType", "offset 7 and body chunked end at 7")]
    [InlineData("""{"body":5,"offset":1}""", "FieldMissing", "an offset needs upload")]
    [InlineData("""{"body":9223372036854775807,"offset":1,"upload":"u"}""", "SizeTooLarge", "end at 9223372036854775808")]
    [InlineData("""{"body":9223372036854775807,"offset":1,"upload":"u","size":9223372036854775807}""", "FieldType", "")]
    [InlineData("""{"body":4096,"part":true,"size":8192}""", "FieldMissing", "a part needs upload")]
    [InlineData("""{"body":4096,"part":true,"upload":"u"}""", "FieldMissing", "a part needs size")]
    [InlineData("""{"body":4096,"part":true,"upload":"u","size":8192,"offset":1}""", "FieldType", "offset is 1, it must be a multiple of 4096")]
    [InlineData("""{"body":4095,"part":true,"upload":"u","size":8192}""", "FieldType", "body is 4095, it must be a multiple of 4096")]
    [InlineData("""{"body":8192,"part":true,"upload":"u","size":8192,"offset":4096}""", "FieldType", "end at 12288")]
    [InlineData("""{"body":0,"part":true,"upload":"u","size":8192,"offset":4096}""", "FieldType", "body is 0, it must be more than nothing")]
    [InlineData("""{"part":true,"upload":"u","size":8192,"offset":8192}""", "FieldType", "more than nothing")]
    public void What_does_not_go_together_is_refused(string fields, string rejection, string detail)
    {
        var refused = Natives.Decode(fields.Insert(1, """ "id":1,"action":"put","name":"a", """))
            .ShouldBeOfType<NativeRequest.Refused>();

        refused.Refusal.Rejection.Name.ShouldBe(rejection);
        refused.Refusal.Detail.ShouldContain(detail);
    }

    [Theory]
    [InlineData("""{"body":4095,"part":true,"upload":"u","size":8191,"offset":4096}""")]
    [InlineData("""{"body":0,"part":true,"upload":"u","size":0}""")]
    [InlineData("""{"body":"chunked","part":true,"upload":"u","size":8192,"offset":4096}""")]
    [InlineData("""{"body":"chunked","size":0}""")]
    [InlineData("""{"size":0}""")]
    [InlineData("""{"body":5,"offset":1,"upload":"u"}""")]
    public void What_goes_together_is_taken(string fields) =>
        Natives.Decode(fields.Insert(1, """ "id":1,"action":"put","name":"a", """)).ShouldBeOfType<NativeRequest.Put>();

    [Fact]
    public void A_file_over_the_limit_is_refused_by_whatever_says_its_size()
    {
        var decoder = new NativeDecoder(new WireLimits { HeaderBytesMax = 1024, FileBytesMax = 100 });

        foreach (var fields in new[] { "\"body\":101", "\"size\":101,\"body\":\"chunked\"", "\"body\":50,\"offset\":51,\"upload\":\"u\"" })
        {
            var decoded = decoder.Decode(Headers.Prefixed($$"""{"id":1,"action":"put","name":"a",{{fields}}}"""));

            decoded.Frame.ShouldBeOfType<NativeRequest.Refused>().Refusal.Rejection.ShouldBe(Rejection.SizeTooLarge);
        }
        decoder.Decode(Headers.Prefixed("""{"id":1,"action":"put","name":"a","body":100}""")).Frame.ShouldBeOfType<NativeRequest.Put>();
    }

    [Fact]
    public void A_body_behind_what_has_none_is_refused_and_can_be_passed_over()
    {
        foreach (var action in Requests.Select(request => request.Action).Where(action => action != "put").Distinct())
        {
            var json = Requests.First(request => request.Action == action).Json("body", "\"chunked\"");

            ShouldRefuse(json, Rejection.FieldType).Body.ShouldBe(FrameBody.Chunked);
        }
    }

    [Fact]
    public void A_condition_that_would_not_be_understood_is_refused()
    {
        foreach (var action in new[] { "get", "delete" })
            ShouldRefuse($$"""{"id":1,"action":"{{action}}","name":"a","sha256":"{{Natives.Sha256}}"}""", Rejection.FieldType);
    }

    private static NativeRequest.Refused ShouldRefuse(string json, Rejection rejection)
    {
        var refused = Natives.Decode(json).ShouldBeOfType<NativeRequest.Refused>(json);
        refused.Refusal.Rejection.ShouldBe(rejection, json);
        return refused;
    }

    private static string Describe(string json) =>
        Natives.Decode(json) is NativeRequest.Refused refused
            ? $"{refused.Refusal}"
            : Encoding.UTF8.GetString(NativeEncoder.Encode(Natives.Decode(json)));

    private static void Same(NativeRequest one, NativeRequest other)
    {
        one.ShouldNotBeOfType<NativeRequest.Refused>();
        NativeEncoder.Encode(one).ShouldBe(NativeEncoder.Encode(other));
    }

    /// <param name="Key">What it is called.</param>
    /// <param name="Right">What it may hold, as JSON.</param>
    /// <param name="Wrong">What it may not.</param>
    /// <param name="With">What that is refused with.</param>
    /// <param name="WithoutIt">What a request without it is refused with; null when it may be left out.</param>
    private sealed record Field(string Key, string Right, string[] Wrong, Rejection With, Rejection? WithoutIt = null);

    private sealed record Request(string Action, params Field[] Fields)
    {
        public long BodyBytes => Fields.Any(one => one is { Key: "body", Right: "4096" }) ? 4096 : 0;

        /// <summary>The request with one field changed, or without it; and perhaps one that it has not.</summary>
        public string Json(string key, string? value, (string Key, string Value)? more = null)
        {
            var fields = Fields.DistinctBy(field => field.Key)
                .Select(field => (field.Key, Value: field.Key == key ? value : field.Right))
                .Append(("action", $"\"{Action}\""))
                .Append((more?.Key ?? "x", more?.Value))
                .Where(field => field.Item2 is not null)
                .Select(field => $"\"{field.Item1}\":{field.Item2}");
            return $"{{{string.Join(',', fields)}}}";
        }
    }
}

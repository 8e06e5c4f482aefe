using System.Reflection;
using System.Reflection.Emit;

namespace NotifyGateway.Tests.Architecture;

/// <summary>
/// What a type really uses, read from its compiled code: signatures, fields, bases, and every type, method and field that its
/// instructions name. Unlike <c>using</c> lines this cannot be got round.
/// </summary>
internal static class Uses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Full names of the types, and <c>Type.Member</c> of the members, that this type uses. Generic arguments count, too.</summary>
    public static IReadOnlySet<string> Of(Type type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Add(names, type.BaseType);
        foreach (var implemented in type.GetInterfaces())
        {
            Add(names, implemented);
        }

        foreach (var field in type.GetFields(All))
        {
            Add(names, field.FieldType);
        }

        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            AddSignature(names, method);
            AddBody(names, method);
        }

        return names;
    }

    private static void AddSignature(HashSet<string> names, MethodBase method)
    {
        Add(names, (method as MethodInfo)?.ReturnType);
        foreach (var parameter in method.GetParameters())
        {
            Add(names, parameter.ParameterType);
        }
    }

    private static void AddBody(HashSet<string> names, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            Add(names, local.LocalType);
        }

        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in Tokens(body.GetILAsByteArray()!))
        {
            switch (method.Module.ResolveMember(token, typeArguments, methodArguments))
            {
                case Type used:
                    Add(names, used);
                    break;
                case MethodBase used:
                    Add(names, used.DeclaringType);
                    AddSignature(names, used);
                    foreach (var argument in used.IsGenericMethod ? used.GetGenericArguments() : [])
                    {
                        Add(names, argument);
                    }

                    names.Add($"{Name(used.DeclaringType)}.{used.Name}");
                    break;
                case FieldInfo used:
                    Add(names, used.DeclaringType);
                    Add(names, used.FieldType);
                    names.Add($"{Name(used.DeclaringType)}.{used.Name}");
                    break;
            }
        }
    }

    /// <summary>The metadata tokens of types, methods and fields among the instructions' operands (ECMA-335 partition III).</summary>
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? OpCodesByValue[(short)(0xFE00 | il[at + 1])] : OpCodesByValue[il[at]];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                default:
                    at += OperandSize(code.OperandType);
                    break;
            }
        }
    }

    private static int OperandSize(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static void Add(HashSet<string> names, Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        // An argument may name the type that it is an argument of (IComparable<T>): each name once ends that.
        if (names.Add(type.IsGenericType ? type.ToString() : Name(type)) && type.IsGenericType)
        {
            names.Add(Name(type));
            foreach (var argument in type.GetGenericArguments())
            {
                Add(names, argument);
            }
        }
    }

    private static string Name(Type? type) => (type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type)?.FullName ?? "?";
}

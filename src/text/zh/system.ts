/** 中文：操作系统和命令行解析器的报错。Chinese: what the operating system and the parser of the command line say. */

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: '没有权限',
  EADDRINUSE: '地址已被占用',
  EBADF: '文件描述符无效',
  EBUSY: '设备或资源正忙',
  EDQUOT: '超出磁盘配额',
  EEXIST: '文件已存在',
  EFBIG: '文件过大',
  EINVAL: '参数无效',
  EIO: '输入输出错误',
  EISDIR: '是目录',
  ELOOP: '符号链接成环',
  EMFILE: '打开的文件过多',
  ENAMETOOLONG: '文件名过长',
  ENFILE: '系统打开的文件过多',
  ENODEV: '没有这个设备',
  ENOENT: '文件或目录不存在',
  ENOMEM: '内存不足',
  ENOSPC: '磁盘空间不足',
  ENOTDIR: '不是目录',
  ENXIO: '没有这个设备或地址',
  EPERM: '不允许此操作',
  EROFS: '文件系统只读',
  ETXTBSY: '文件正在执行',
}

/** Node puts what it called, and on which file, behind a comma: that stays as it is. */
export const system = (code: string, message: string): string => {
  const known = SYSTEM[code]
  const call = message.indexOf(', ')
  return known === undefined ? message : known + (call < 0 ? '' : `（${message.slice(call + 2)}）`)
}

/** 选项名保持原样。Names of options stay as they are. */
const USAGE: Readonly<Record<string, (name: string) => string>> = {
  'commander.unknownOption': (name) => `没有 ${name} 这个选项`,
  'commander.optionMissingArgument': (name) => `选项 ${name} 缺少参数`,
  'commander.unknownCommand': (name) => `没有 ${name} 这个命令`,
}

export const usage = (code: string, message: string): string => {
  const say = USAGE[code]
  const [, name] = /'([^']*)'/.exec(message) ?? []
  if (say === undefined || name === undefined) return message
  const [, meant] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message) ?? []
  return say(name) + (meant === undefined ? '' : `（您是不是想用 ${meant.replaceAll(', ', '、')}？）`)
}

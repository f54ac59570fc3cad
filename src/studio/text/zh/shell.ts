export const shell = {
  product: "opalens studio",
  titleWith: (name: string) => `${name} · opalens studio`,
  skip: "跳到图片处理",

  undo: "撤销",
  redo: "重做",
  withKeys: (what: string, keys: string) => `${what}（${keys}）`,
  theme: { auto: "主题：跟随系统", light: "主题：浅色", dark: "主题：深色" },
  otherLanguage: "English",
  otherLanguageShort: "EN",
  help: "帮助",

  source: {
    open: "打开图片",
    change: (name: string) => `当前图片：${name}，点击更换`,
    menu: "打开图片",
    choose: "选择文件",
    paste: "粘贴",
    filter: "查找对象",
    objects: "存储中的对象",
    noMatch: "没有匹配的对象。",
    samples: "示例图片",
    now: "当前图片",
    close: "关闭",
    closeTitle: "关闭这张图片，并清除为刷新保留的副本",
    kept: "本地图片不会上传。它只保留在此浏览器中，供刷新本标签页时使用，关闭图片即清除。",
  },

  start: {
    title: "试试图片处理，预览就是函数的真实输出",
    private: "所有计算都在此浏览器中完成，使用与函数完全相同的引擎。图片不会上传。",
    choose: "选择图片",
    orDrop: "也可以拖放或粘贴到这里",
    opening: (name: string) => `正在打开 ${name}…`,
    openingUnnamed: "正在打开…",
    waiting: (count: number) =>
      count === 0 ? "打开一张图片，即可应用此链接的设置。" : `打开一张图片，即可应用此链接中的 ${count} 个步骤。`,
    store: (bucket: string) => `${bucket} 中的对象`,
    samples: "或者从示例开始",
    more: (count: number) => `还有 ${count} 个，输入名称的一部分可缩小范围。`,
  },

  drop: {
    open: "松开即可打开",
    first: (name: string, count: number) => `已打开 ${name}。每次只能打开一张图片，其余 ${count} 个文件已忽略。`,
    noFile: "拖入的内容中没有文件。",
  },
  paste: {
    none: "剪贴板中没有图片。",
    byKey: (keys: string) => `浏览器不允许按钮读取剪贴板，请按 ${keys}。`,
  },

  fault: {
    title: (name: string) => `无法打开 ${name}`,
    unnamed: "无法打开图片",
    dismiss: "关闭提示",
    codes: {
      CORRUPT_IMAGE: "文件已损坏。",
      UNSUPPORTED_FORMAT: "不是可读取的图片格式。支持 JPEG、PNG、WebP、AVIF、TIFF 和 BMP。",
      NOT_SUPPORTED: "暂不支持这种图片。",
      SOURCE_TOO_LARGE: "图片过大。",
      SOURCE_NOT_FOUND: "存储中没有这个对象。",
      NETWORK: "获取失败。",
      other: "无法读取。",
    },
  },
  link: {
    bad: (reason: string) => `无法解析此链接。${reason}`,
    noStore: (key: string) => `此链接指向本地存储中的 ${key}，当前页面没有连接存储。请自行打开图片。`,
  },
  notice: { close: "关闭此消息" },

  helpDialog: {
    title: "键盘快捷键",
    close: "关闭",
    keys: {
      undo: "撤销",
      redo: "重做",
      open: "打开图片",
      paste: "打开剪贴板中的图片，或导入 URL",
      help: "显示此帮助",
      move: "移动当前焦点所在的对象：分割线、裁剪框、焦点、步骤",
      faster: "以更大的步长移动",
    },
    shift: "Shift",
    arrows: "方向键",
    aboutTitle: "关于此页面",
    about: "此页面运行与函数相同的 WebAssembly 引擎，因此结果的字节完全一致。连接本地环境时，会以对勾标明两者相同。",
    link: "页面地址包含处理步骤和对象名，复制地址即可分享当前内容。",
  },
};

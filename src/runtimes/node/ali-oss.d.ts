declare module "ali-oss/lib/common/signUtils.js";

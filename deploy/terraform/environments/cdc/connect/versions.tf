terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # `terraform init` passes bucket and region. The lock file is stored next to the state.
  backend "s3" {
    key          = "order-stream/cdc/connect.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "order-stream"
      Environment = var.prefix
      Stack       = "cdc"
    }
  }
}

variable "region" {
  description = "AWS region of the infra stack."
  type        = string
  default     = "ap-southeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region such as ap-southeast-2."
  }
}

variable "prefix" {
  description = "Prefix of the infra stack, used to look up its resources."
  type        = string
  default     = "orders-prod"
}

variable "registry_name" {
  description = "Name of the Glue schema registry that the infra stack created."
  type        = string
  default     = "customer"
}

variable "images" {
  description = "Image → the part after its repository URL: @sha256:<digest> or :<tag>. The first apply needs order-producer, order-consumer, orders and collector. In a later apply, an image that is missing here keeps running as it is."
  type        = map(string)
  default     = {}
}

variable "domain_name" {
  description = "Domain name of the producer, such as orders.example.com."
  type        = string
}

variable "hosted_zone_id" {
  description = "Id of the public Route 53 zone that contains domain_name."
  type        = string
}

variable "execute_command" {
  description = "Allow ECS Exec into the services, which makes their root file systems writable. Needs the endpoint ssmmessages, which the infra stack creates with access = true."
  type        = bool
  default     = false
}

variable "to_enable_trigger" {
  description = "Start five order generators every minute."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Protect the load balancer from deletion. Set it to false, and apply, before a destroy."
  type        = bool
  default     = true
}
